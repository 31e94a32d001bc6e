"""`flashc lsp` with a real editor: Debian's Neovim, set up by the lines of the documentation."""

from __future__ import annotations

import os
import select
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from systems.editors.neovim import LIMIT_S, ROOT, Neovim

pytestmark = pytest.mark.systems


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Neovim]:
    """It shows a copy of the examples' week.flash, which includes a part."""
    folder = tmp_path / "specs"
    shutil.copytree(ROOT / "examples", folder)
    shutil.copy(folder / "week.flash", folder / "other.flash")
    neovim = Neovim(tmp_path / "home", folder, "week.flash")
    yield neovim
    neovim.end()


def test_mistakes_are_shown_and_repaired(editor: Neovim) -> None:
    """Behind text of two bytes and of two UTF-16 units a character, too."""
    right = editor.text
    wrong = right.replace('partition 56 "', 'partition 56 "\u00e9\U0001f319', 1).replace("HMC1", "HMC9", 1)
    editor.text = wrong
    bad_text, unknown = editor.until_told("FL2008", "FL2001")
    line = wrong.split("\n")[unknown["lnum"]].encode()
    assert line[bad_text["col"] : bad_text["end_col"]].startswith('"\u00e9\U0001f319S'.encode())
    assert line[unknown["col"] : unknown["end_col"]] == b"HMC9"

    editor.text = right.replace("through HMC1", "through HMC9", 1)
    (problem,) = editor.until_told("FL2001")
    assert "Did you mean `HMC1`?" in problem["message"]
    editor.go("through |HMC9")
    editor.lua("vim.ui.select = function(items, _, chosen) chosen(items[1], 1) end vim.lsp.buf.code_action()")
    editor.until_told()
    assert editor.text == right

    editor.text = right.replace("through HMC1", "through HM", 1)
    editor.until_told("FL2001")
    editor.go("through |HM ")
    editor.keys("ea<C-x><C-o>")
    editor.until("vim.api.nvim_get_current_line():find('HMC1', 1, true)")
    editor.keys("<C-y><Esc>")
    editor.until_told()

    editor.text = right.replace("    ", "  ")
    editor.lua("vim.lsp.buf.formatting_sync(nil, A[1])", LIMIT_S * 1000)
    assert editor.text == right
    for number in range(50):  # faster than it is checked: what counts is the last
        editor.lua("vim.api.nvim_buf_set_lines(0, 0, 1, false, {A[1]})", f"system A{number} " + "{")
    editor.text = right
    editor.until_told()


def test_names_in_a_spec_and_in_what_shares_its_part(editor: Neovim) -> None:
    editor.go("through HM|C1")
    editor.lua("vim.lsp.buf.hover()")
    editor.until("#vim.api.nvim_list_wins() == 2")
    editor.lua("vim.api.nvim_win_close(vim.api.nvim_list_wins()[2], true)")
    editor.lua("vim.lsp.buf.references()")
    editor.until("#vim.fn.getqflist() == 7")  # three of each spec, one of them on disk, and the definition
    editor.lua("vim.cmd('cclose')")
    editor.lua("vim.lsp.buf.document_symbol()")
    editor.until("vim.fn.getqflist()[1].text == '[Property] include'")
    editor.lua("vim.cmd('cclose') vim.lsp.buf.rename('CONSOLE1')")
    editor.until("vim.api.nvim_get_current_line():find('CONSOLE1', 1, true)")
    editor.lua("vim.cmd('wall')")
    editor.until_told()
    editor.edit("other.flash")
    assert editor.text.count("through CONSOLE1 ") == 3
    editor.until_told()
    editor.go("through CONS|OLE1")
    editor.lua("vim.lsp.buf.definition()")
    editor.until("vim.fn.bufname():find('machine_room.flash', 1, true)")
    assert editor.lua("return vim.api.nvim_get_current_line()").startswith("console CONSOLE1 ")


def test_a_part_by_itself_changed_and_gone(editor: Neovim) -> None:
    editor.edit("parts/machine_room.flash")
    part = editor.text
    editor.until_told()
    editor.text = part.replace("console HMC1", "console HMC2")  # not saved
    editor.edit("week.flash")
    editor.until_told(*["FL2001"] * 3)
    editor.lua("vim.cmd('bwipeout! parts/machine_room.flash')")
    editor.until_told()
    folder = Path(editor.lua("return vim.fn.getcwd()"))
    (folder / "parts" / "machine_room.flash").unlink()
    editor.lua("vim.cmd('write')")
    editor.until_told("FL1013")


def test_the_server_ends_with_an_editor_that_dies(editor: Neovim) -> None:
    children = Path(f"/proc/{editor.process.pid}/task/{editor.process.pid}/children").read_text().split()
    (server,) = (
        pid for pid in map(int, children) if b"lsp" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    )
    handle = os.pidfd_open(server)
    editor.end()
    assert select.select([handle], [], [], LIMIT_S)[0], "the server goes on without its editor"
    os.close(handle)
