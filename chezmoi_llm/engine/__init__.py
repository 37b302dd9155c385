"""The embedded engine: what chezmoi makes of a source folder, without chezmoi.

Where the same template means something else here than in chezmoi:

- functions that ask password managers, the network or other programs are refused;
- ``{{ define }}`` inside ``.chezmoitemplates`` can be called from every template;
- ``printf "%#v"`` prints a nested nil as ``<nil>``;
- ``toYaml`` writes a key of several lines differently, and so a text of line ends alone;
- ``fromYaml`` refuses some texts that chezmoi reads, such as those with tabs between words;
- a target name that would leave its folder, such as ``dot_.``, is refused.
"""
