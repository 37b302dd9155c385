"""Starting a model: the runner, the image and the file are there, and the command is understood."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from chezmoi_llm.choices import Choices, Chosen
from chezmoi_llm.choices.own_units import SWAPPING
from chezmoi_llm.diagnostics import Finding, Path
from chezmoi_llm.formats import PORT
from chezmoi_llm.resolve.programs import server_image
from chezmoi_llm.runners import RUNNERS, Runner, files_in, folder_of, path_of, scheme_of
from chezmoi_llm.runners.base import PATH_SCHEME
from chezmoi_llm.showing.words import listed, shown
from chezmoi_llm.spec import LlamaSwap, Spec


def runner_fits(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """The runner works in the placement, for this kind of model and this URI (LLM301, 302)."""
    llama_swap = spec.stack.services.llama_swap
    for chosen in _settled(choices):
        model, runner = chosen.model, chosen.starter
        if "kind" in model.unknown or "placement" in llama_swap.unknown:
            continue
        at = model.path("runner") if "runner" in model.written else model.at
        if llama_swap.placement not in runner.placements:
            yield Finding(
                code="LLM302",
                path=at,
                message=(
                    f"{shown(model.name)} is started by {runner.key}, which placement "
                    f"{llama_swap.placement} does not have"
                ),
                hint=_placement_hint(chosen, llama_swap.placement),
            )
        elif chosen.kind.value not in runner.kinds:
            able = [other.key for other in RUNNERS.values() if chosen.kind.value in other.kinds]
            yield Finding(
                code="LLM302",
                path=at,
                message=f"{_who(chosen)} cannot serve {shown(model.name)}, a model for {chosen.kind.value}",
                hint=f"use runner: {listed(able, last='or')}",
            )
        elif model.model and not _can_fetch(runner, model.model):
            yield Finding(
                code="LLM301",
                path=model.path("model"),
                message=f"{_chosen_by(chosen)} cannot serve {shown(model.model)}",
                hint=_hub_hint(chosen) or _scheme_hint(chosen),
            )


_OF_ONE_FILE = r"\w+://[^/]+/[^/]+/[^:]+"


def _can_fetch(runner: Runner, uri: str) -> bool:
    scheme = scheme_of(uri)
    return scheme in runner.schemes and (
        scheme not in runner.of_files or bool(re.fullmatch(_OF_ONE_FILE, uri))
    )


def _settled(choices: Choices) -> Iterator[Chosen]:
    """Yield the models of which it is known what starts them."""
    for chosen in choices.models:
        if "runner" not in chosen.model.unknown and chosen.may_have_unit == chosen.has_unit:
            yield chosen


def _who(chosen: Chosen) -> str:
    return "a unit of its own" if chosen.has_unit else chosen.starter.key


def _chosen_by(chosen: Chosen) -> str:
    """Return what starts a model, and why where nobody wrote it."""
    is_default = chosen.runner.source == "default"
    return f"{_who(chosen)}, {chosen.runner.why}," if is_default else _who(chosen)


def _starter(chosen: Chosen) -> str:
    return _who(chosen) if chosen.has_unit else f"runner {_who(chosen)}"


def _placement_hint(chosen: Chosen, placement: str) -> str:
    fitting = [
        r.key for r in RUNNERS.values() if placement in r.placements and chosen.kind.value in r.kinds
    ]
    places = sorted(RUNNERS[chosen.runner.value].placements)
    return f"use runner: {listed(fitting, last='or')}; or placement: {listed(places, last='or')}"


_FILE = r"(?:/(?:resolve|blob|file/view)/[^/]+/([^?#]+)|/(?:tree|files)(?:/[^?#]*)?)?"
_PAGES = {
    "hf": rf"(?:www\.)?(?:huggingface\.co|hf\.co)/([^/?#]+/[^/?#]+){_FILE}",
    "ms": rf"(?:www\.)?modelscope\.(?:cn|ai)/models/([^/?#]+/[^/?#]+){_FILE}",
    "ollama": r"(?:www\.)?ollama\.com/(?:library/)?([^?#]+?)",
}
"""Where a scheme has the page of a model, or the address of one of its files."""


def _hub_hint(chosen: Chosen) -> str:
    """Return a hint for the address of a web page of a model that the runner can fetch by its name."""
    for scheme, page in _PAGES.items():
        found = re.fullmatch(rf"https://{page}/?(?:[?#].*)?", chosen.model.model)
        uri = f"{scheme}://{'/'.join(filter(None, found.groups()))}" if found else ""
        if uri and _can_fetch(chosen.starter, uri):
            return f"write {shown(uri)}"
    return ""


def _scheme_hint(chosen: Chosen) -> str:
    uri = chosen.model.model
    if scheme_of(uri) in chosen.starter.of_files:
        return "name the file: ms://OWNER/NAME/FILE"
    if chosen.has_unit and scheme_of(uri) == "ollama":
        from chezmoi_llm.showing.veil import veiled  # noqa: PLC0415  only where something is said

        word = shlex.quote(veiled(uri))
        return f"run ramalama pull {word}, and write the path that ramalama inspect --json {word} shows"
    return chosen.starter.instead


def fields_fit(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """The runner has words for every field that was written (LLM303)."""
    for chosen in _settled(choices):
        for field in sorted(chosen.starter.cannot & set(chosen.model.written)):
            yield Finding(
                code="LLM303",
                path=chosen.model.path(field),
                at_key=True,
                message=f"{_starter(chosen)} has no setting for {field!r}",
                hint=_field_hint(chosen, field),
            )
        if chosen.model.force_cpu and chosen.model.is_given("ngl") and chosen.model.ngl != "0":
            yield Finding(
                code="LLM303",
                path=chosen.model.path("ngl"),
                message=f"'ngl' is {chosen.model.ngl}, but 'force_cpu' keeps the model off the GPU",
                hint="remove one of the two lines",
            )


def _field_hint(chosen: Chosen, field: str) -> str:
    if chosen.has_unit and field in SWAPPING:
        return "remove the line: the model is there as long as its unit runs"
    return "remove the line" + (", or put it into command" if chosen.starter.is_theirs else "")


def swapping(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """llama-swap groups and preloads the models that it starts itself (LLM303)."""
    own = {chosen.model.name for chosen in _settled(choices) if chosen.has_unit}
    llama_swap = spec.stack.services.llama_swap
    lists = [(group.path("members"), group.members) for group in spec.stack.groups]
    for path, members in (*lists, (llama_swap.path("preload"), llama_swap.preload)):
        for index, name in enumerate(members):
            if name in own:
                yield Finding(
                    code="LLM303",
                    path=(*path, index),
                    message=f"{shown(name)} has a unit of its own, so llama-swap does not start it",
                    hint="take it out of the list",
                )


_OF_THE_IMAGE = r"/?(app|bin|dev|etc|lib|lib64|opt|proc|root|run|sbin|sys|tmp|usr|var)?"


def models_dir(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """``models_dir`` hides no folder of the image (LLM306)."""
    llama_swap = spec.stack.services.llama_swap
    folder = llama_swap.models_dir
    if _has_models_dir(llama_swap) and folder and re.fullmatch(_OF_THE_IMAGE, folder.rstrip("/")):
        yield Finding(
            code="LLM306",
            path=llama_swap.path("models_dir"),
            message=f"{shown(folder)} would hide what the container has there",
            hint="move the files into a folder of their own",
        )


def _has_models_dir(llama_swap: LlamaSwap) -> bool:
    """Say whether it is certain that llama-swap sees model files below ``models_dir`` alone."""
    return llama_swap.placement != "host" and not {"placement", "models_dir"} & llama_swap.unknown


def model_paths(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A model file is where the container of llama-swap sees it: below ``models_dir`` (LLM306)."""
    llama_swap = spec.stack.services.llama_swap
    folder = llama_swap.models_dir.rstrip("/")
    for chosen in _settled(choices) if _has_models_dir(llama_swap) else ():
        model = chosen.model
        is_elsewhere = chosen.has_unit or chosen.starter.is_theirs
        if is_elsewhere or scheme_of(model.model) != PATH_SCHEME:
            continue
        yield from _below(folder, path_of(model.model), model.path("model"))


def argument_paths(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A file that arguments name is where a server inside the container sees it (LLM306)."""
    llama_swap = spec.stack.services.llama_swap
    is_inside = llama_swap.placement == "embedded" and _has_models_dir(llama_swap)
    for chosen in _settled(choices) if is_inside else ():
        if not (chosen.has_unit or chosen.starter.is_theirs):
            for path in files_in(chosen.model.args):
                yield from _below(llama_swap.models_dir.rstrip("/"), path, chosen.model.path("args"))


def _below(folder: str, file: str, path: Path) -> Iterator[Finding]:
    if not folder or not file.startswith(f"{folder}/"):
        yield Finding(
            code="LLM306",
            path=path,
            message=f"{shown(file)} is not below models_dir, the container would not see it",
            hint=f"write services: llama_swap: models_dir: {folder or folder_of(file) or '/'}, "
            "or use placement: host",
        )


def mounts(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A unit sees the folder of its model file, in the place of its own folder of that name (LLM306)."""
    for chosen in choices.models:
        path = path_of(chosen.model.model)
        if not chosen.has_unit or scheme_of(chosen.model.model) != PATH_SCHEME:
            continue
        folder = folder_of(chosen.model.model)
        if re.fullmatch(_OF_THE_IMAGE, folder) or ":" in folder:
            yield Finding(
                code="LLM306",
                path=chosen.model.path("model"),
                message=f"the folder of {shown(path)} cannot be handed to a container",
                hint="move the file into a folder of its own, without a colon in its path",
            )


def commands(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A command listens where llama-swap looks for it (LLM311)."""
    for chosen in choices.models:
        model = chosen.model
        is_told = any(PORT in word or not word for word in model.command)
        is_elsewhere = model.proxy and PORT not in model.proxy
        if model.command and not (model.port or is_told or is_elsewhere or "proxy" in model.unknown):
            yield Finding(
                code="LLM311",
                path=model.path("command"),
                message=f"the command of {shown(model.name)} has no ${{PORT}}",
                hint="put ${PORT} where the port goes, or write port: with the one that it listens on",
            )


def accelerators(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """There is an image with model servers for the accelerator (LLM313)."""
    llama_swap = spec.stack.services.llama_swap
    has_image = bool(llama_swap.image or server_image(spec.stack))
    if llama_swap.placement == "embedded" and not has_image and "accelerator" not in spec.stack.unknown:
        yield Finding(
            code="LLM313",
            path=spec.stack.path("accelerator"),
            message=f"llama-swap has no official image for {spec.stack.accelerator}",
            hint="write services: llama_swap: image:, or use placement: host",
        )


_FILES = (models_dir, model_paths, argument_paths, mounts)
RULES = (runner_fits, fields_fit, swapping, *_FILES, commands, accelerators)
