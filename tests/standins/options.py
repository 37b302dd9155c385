"""The options of ``podman run``, and the networks that it may name."""

from __future__ import annotations

import os

NETWORKS = os.environ["PODMAN_NETWORKS"].split()

VALUES = """
    --add-host --annotation --cap-add --cap-drop --cgroups --cpus --device --dns --entrypoint --env,-e
    --group-add --hostname,-h --ipc --label,-l --log-driver --memory,-m --mount --name --network,--net
    --network-alias --pid --pids-limit --publish,-p --pull --restart --runtime --sdnotify --secret
    --security-opt --shm-size --stop-signal --stop-timeout --sysctl --tmpfs --ulimit --user,-u --userns
    --volume,-v --workdir,-w
"""
FLAGS = "--detach,-d --init --no-healthcheck --privileged --quiet,-q --read-only --replace --rm"
"""The options that take a value, and those that do not, each with its short name."""
