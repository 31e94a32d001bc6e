"""Debian's Neovim without a screen, set up as the documentation says, and driven by keys and Lua."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "editors" / "vscode" / "README.md"
LIMIT_S = 60
"""What is not there by then fails the test."""


def documented_setup() -> str:
    """The lines that the documentation gives for the versions of Neovim that Debian has."""
    blocks = re.findall(r"```lua\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (lines,) = (block for block in blocks if "start_client" in block)
    return str(lines)


class Neovim:
    """A Neovim that shows a file of a folder; `home` gets all that it writes."""

    def __init__(self, home: Path, folder: Path, file: str) -> None:
        program = shutil.which("nvim")
        assert program is not None, "test-systems needs Neovim (Debian: neovim)"
        self.program, self.home, self.socket = program, home, home / "nvim.sock"
        (home / "nvim").mkdir(parents=True)
        (home / "nvim" / "init.lua").write_text(documented_setup(), "utf-8")
        names = ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self.environment = {
            **os.environ,
            **dict.fromkeys(names, str(home)),
            "PATH": path,
            "LC_ALL": "C.UTF-8",
        }
        arguments = [program, "--headless", "-n", "--listen", str(self.socket), file]
        nothing = subprocess.DEVNULL
        self.process = subprocess.Popen(
            arguments, cwd=folder, env=self.environment, stdin=nothing, stdout=nothing, stderr=nothing
        )
        limit = time.monotonic() + LIMIT_S
        while self._remote("--remote-expr", "1").returncode != 0:
            assert time.monotonic() < limit, "Neovim does not answer"
        self.until("#vim.lsp.get_active_clients() == 1 and vim.lsp.get_active_clients()[1].initialized")

    def _remote(self, *what: str) -> subprocess.CompletedProcess[str]:
        arguments = [self.program, "--server", str(self.socket), *what]
        return subprocess.run(
            arguments, env=self.environment, capture_output=True, text=True, timeout=LIMIT_S * 2, check=False
        )

    def lua(self, code: str, *arguments: Any) -> Any:
        """What the Lua code returns; `A` holds the arguments."""
        script, answer = self.home / "script.lua", self.home / "answer.json"
        given = json.dumps(json.dumps(arguments))
        body = f"local A = vim.fn.json_decode({given})\nlocal function f()\n{code}\nend\nlocal r = f()\n"
        end = f"vim.fn.writefile({{vim.fn.json_encode({{r == nil and vim.NIL or r}})}}, '{answer}')\n"
        script.write_text(body + end + "return true\n", "utf-8")
        done = self._remote("--remote-expr", f"luaeval('dofile(\"{script}\")')")
        assert done.returncode == 0, done.stderr
        return json.loads(answer.read_text("utf-8"))[0]

    def until(self, condition: str) -> None:
        """Wait, with a limit, until a Lua condition holds."""
        holds = self.lua(f"return (vim.wait({LIMIT_S * 1000}, function() return {condition} end, 10))")
        assert holds, condition

    def keys(self, keys: str) -> None:
        """Type."""
        assert self._remote("--remote-send", keys).returncode == 0

    def edit(self, file: str) -> None:
        """Show another file; what was typed before stays."""
        self.lua("vim.cmd('set hidden') vim.cmd('edit ' .. A[1])", file)

    @property
    def text(self) -> str:
        return "\n".join(self.lua("return vim.api.nvim_buf_get_lines(0, 0, -1, false)"))

    @text.setter
    def text(self, text: str) -> None:
        self.lua("vim.api.nvim_buf_set_lines(0, 0, -1, false, A[1])", text.split("\n"))

    def go(self, piece: str) -> None:
        """Put the cursor at the `|` of a piece of the text."""
        text = self.text
        before = text[: text.index(piece.replace("|", "")) + piece.index("|")]
        column = len(before[before.rfind("\n") + 1 :].encode())
        self.lua("vim.api.nvim_win_set_cursor(0, A[1])", [before.count("\n") + 1, column])

    def until_told(self, *codes: str) -> list[dict[str, Any]]:
        """Wait until just these problems are shown in the present text; the problems."""
        code = "local c = {} for _, d in ipairs(vim.diagnostic.get(0)) do c[#c + 1] = d.code end"
        self.until(f"(function() {code} return table.concat(c, ' ') end)() == '{' '.join(codes)}'")
        found: list[dict[str, Any]] = self.lua("return vim.diagnostic.get(0)")
        return found

    def end(self) -> None:
        """End it, whatever it does."""
        self.process.kill()
        self.process.wait(LIMIT_S)
