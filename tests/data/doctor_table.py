"""What ``doctor`` says where all is well; what differs between machines and days is filled in."""

WELL = """\
RESULT   CHECK                MESSAGE
ok       version              {version}
ok       helper               the hook finds {program}
ok       chezmoi              {chezmoi}
ok       source-folder        ~/.local/share/chezmoi
ok       config               ~/.config/chezmoi/chezmoi.yaml, from ~/.local/share/chezmoi/.chezmoi.yaml.tmpl
ok       mode                 hook
ok       hook                 declared, and .chezmoi-llm-hook.sh is as shipped
ok       document             .chezmoidata/llm.json, last full run {time}
ok       list                 no problems found
ok       templates            {files} files of this release, or edited
ok       stack                placement container: llama-swap, litellm, open-webui
ok       podman               5.6.2
ok       systemd              yours; it goes on after logout
ok       podman.socket        listening
ok       secrets              litellm_master_key, llama_swap_api_key, webui_secret_key
ok       llama-swap.service   active (running)
ok       litellm.service      active (running)
ok       open-webui.service   active (running)"""
