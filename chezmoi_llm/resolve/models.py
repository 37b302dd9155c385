"""Completes each local model: its settings, its name as a container, its commands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from chezmoi_llm.choices import Choice, Chosen
from chezmoi_llm.choices.own_units import HOST
from chezmoi_llm.choices.own_units import PORT as INSIDE
from chezmoi_llm.formats import PORT, llama_swap_line
from chezmoi_llm.records import record, replace
from chezmoi_llm.resolve.programs import Program, server_image
from chezmoi_llm.resolve.slugs import slug
from chezmoi_llm.runners import Launch, environment
from chezmoi_llm.spec import LlamaSwap, LocalModel, Scalar, Spec
from chezmoi_llm.store.kinds import MAKERS


@record
class ServedModel:
    """A local model, complete. ``model`` has every setting as it reaches the command.

    ``url`` is where programs on this machine ask for it, ``internal_url`` where containers of the
    stack do. ``process_env`` are the variables that llama-swap gives the command; RamaLama's models
    get theirs through the command itself, those with a unit by the unit (``has_unit``; they have no
    ``proxy`` and no stop command). ``choices`` say where each chosen value comes from.
    """

    model: LocalModel
    slug: str
    container_name: str
    proxy: str
    url: str
    internal_url: str
    cmd_argv: tuple[str, ...]
    cmd: str
    cmd_stop_argv: tuple[str, ...]
    cmd_stop: str
    process_env: tuple[str, ...]
    resident: bool
    has_unit: bool
    choices: Mapping[str, Choice]


def complete(chosen: Chosen, spec: Spec, programs: Mapping[str, Program], port: int) -> ServedModel:
    """Return a model with everything that a target system asks about it."""
    choices = dict(_settings(chosen, port, spec.stack.services.llama_swap))
    model = _with_settings(chosen, spec, choices, port)
    name = f"ramalama-{slug(model.name)}"
    launch = _launch(model, name, spec, programs["ramalama"].image)
    if chosen.has_unit:
        launch = _in_unit(launch)
        address = _its_own(name, port, spec.stack.services.llama_swap.placement)
    else:
        address = _llama_swaps(chosen, launch, programs["llama_swap"])
    argv, stop_argv = chosen.starter.argv(launch), chosen.starter.stop_argv(launch)
    return ServedModel(
        model=model,
        slug=slug(model.name),
        container_name=name,
        proxy=address.proxy,
        url=f"{address.local}/v1",
        internal_url=address.internal,
        cmd_argv=argv,
        cmd=llama_swap_line(argv, () if chosen.has_unit else ("PORT",)),
        cmd_stop_argv=stop_argv,
        cmd_stop=llama_swap_line(stop_argv),
        process_env=() if chosen.starter.in_container else environment(model),
        resident=chosen.resident,
        has_unit=chosen.has_unit,
        choices=choices,
    )


@record
class Address:
    """Where a model answers: llama-swap, programs on this machine, and containers of the stack."""

    proxy: str
    local: str
    internal: str


def _llama_swaps(chosen: Chosen, launch: Launch, llama_swap: Program) -> Address:
    by_name = chosen.starter.in_container and bool(launch.network)
    host = launch.container_name if by_name else launch.host
    return Address(
        proxy=launch.model.proxy.replace(PORT, launch.port) or f"http://{host}:{launch.port}",
        local=llama_swap.local_url,
        internal=llama_swap.internal_url,
    )


def _its_own(container_name: str, port: int, placement: str) -> Address:
    """Return the address of a unit: a port on this machine, a name on the network, or both."""
    published, named = f"http://127.0.0.1:{port}", f"http://{container_name}:{INSIDE}"
    return Address(
        proxy="",
        local=published if port else named,
        internal=published if placement == "host" else named,
    )


def _settings(chosen: Chosen, port: int, llama_swap: LlamaSwap) -> Iterator[tuple[str, Choice]]:
    """Yield the settings that depend on others, by field, each with its reason."""
    model = chosen.model
    yield from (("kind", chosen.kind), ("runner", chosen.runner), ("group", chosen.group))
    if port not in {0, model.port}:
        yield "port", _derived(port, "the first free one from start_port on")
    if ttl := _ttl(chosen, llama_swap):
        yield "ttl", ttl
    if "ctx_size" in chosen.starter.cannot:
        why = f"{chosen.runner.value} is not told one; what the model can do"
        yield "ctx_size", _derived(model.context_window, why)
    elif not model.is_given("ctx_size") and 0 < model.context_window < model.ctx_size:
        yield "ctx_size", _derived(model.context_window, "the model can do no more than its context_window")
    if model.force_cpu and not model.is_given("ngl"):
        yield "ngl", _derived(0, "force_cpu keeps it off the GPU")
    endpoint = chosen.starter.check_endpoint
    if endpoint and not model.check_endpoint:
        yield "check_endpoint", _derived(endpoint, f"{chosen.runner.value} has no /health")
    if not model.display_name:
        yield "display_name", _derived(model.name, "its name")
    if not model.shortname:
        why = "its name; RamaLama reads short names in lower case"
        yield "shortname", _derived(model.name.lower(), why)


def _ttl(chosen: Chosen, llama_swap: LlamaSwap) -> Choice | None:
    """Return after how long a model is unloaded, where that is not simply written or the default."""
    if chosen.has_unit:
        return _derived(0, "it runs as long as its unit does")
    if chosen.model.is_given("ttl"):
        return None
    if chosen.resident:
        return Choice(value="0", source="role", why="a resident model is never unloaded")
    if llama_swap.is_given("global_ttl"):
        return _derived(llama_swap.global_ttl, "global_ttl counts for models that write none")
    return None


def _derived(value: str | int, why: str) -> Choice:
    return Choice(value=str(value), source="derived", why=why)


def _with_settings(chosen: Chosen, spec: Spec, choices: Mapping[str, Choice], port: int) -> LocalModel:
    model = chosen.model
    numbers = {"ttl", "ctx_size", "port"}
    changed = {k: int(c.value) if k in numbers else c.value for k, c in choices.items()}
    changed |= {"port": port}
    macros = {name: _macro(value) for name, value in spec.stack.services.llama_swap.macros.items()}
    macros["MODEL_ID"] = model.name
    is_preloaded = model.preload or model.name in spec.stack.services.llama_swap.preload
    return replace(
        model,
        **changed,
        roles=chosen.roles,
        capabilities=_capabilities(model, chosen.kind.value),
        args=_filled(model.args, macros),
        command=_filled(model.command, macros),
        stop_command=_filled(model.stop_command, macros),
        preload=is_preloaded and not chosen.has_unit,
        unlisted=model.unlisted and not chosen.has_unit,
    )


def _macro(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _filled(words: tuple[str, ...], macros: Mapping[str, str]) -> tuple[str, ...]:
    """Return arguments with the person's macros put in, so that ``cmd_argv`` is what runs."""
    if not any("${" in word for word in words):
        return words
    return tuple(
        re.sub(r"\$\{([A-Za-z0-9_-]+)\}", lambda m: macros.get(m[1], m[0]), word) for word in words
    )


def _capabilities(model: LocalModel, kind: str) -> tuple[str, ...]:
    """Return what was written, with the kind itself and a vision role added."""
    own = () if kind in MAKERS else (kind,)
    vision = ("vision",) if "vision" in model.roles else ()
    return tuple(dict.fromkeys((*model.capabilities, *own, *vision)))


def _launch(model: LocalModel, container_name: str, spec: Spec, image: str) -> Launch:
    stack = spec.stack
    embedded = server_image(stack)
    return Launch(
        model=model,
        container_name=container_name,
        port=str(model.port) if model.port else PORT,
        network=stack.network.name if stack.services.llama_swap.placement == "container" else "",
        image=image,
        server_folder=embedded.folder if embedded else "",
        cpu_only=model.is_on_cpu(stack.accelerator),
    )


def _in_unit(launch: Launch) -> Launch:
    """Return the launch of a model in a container of its own, where it answers to its name by itself."""
    return replace(launch, host=HOST, port=str(INSIDE), alias=launch.model.name, server_folder="")
