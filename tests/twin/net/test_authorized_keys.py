"""What stands before a key in authorized_keys decides from where it lets in, and what it may do."""

from __future__ import annotations

import pytest
from flashtwin.sims.authorized_keys import Rule, let_in, matches, rule_of

KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIExample"


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (f"ssh-ed25519 {KEY} somebody@somewhere", Rule(KEY, "", "")),
        (f"  ssh-ed25519 {KEY}", Rule(KEY, "", "")),
        (f"restrict ssh-ed25519 {KEY}", Rule(KEY, "", "")),
        (
            f'from="10.0.0.1,10.0.0.2",command="internal-sftp",no-pty,no-X11-forwarding ssh-ed25519 {KEY}',
            Rule(KEY, "10.0.0.1,10.0.0.2", "internal-sftp"),
        ),
        (f'command="echo \\"a, b\\" c" ssh-ed25519 {KEY}', Rule(KEY, "", 'echo "a, b" c')),
        (f'FROM="10.0.0.1",NO-PTY ssh-ed25519 {KEY}', Rule(KEY, "10.0.0.1", "")),
        # what sshd passes over
        (f"# ssh-ed25519 {KEY}", None),
        (f"no-such-option ssh-ed25519 {KEY}", None),
        (f'no-pty="yes" ssh-ed25519 {KEY}', None),
        (f"from=10.0.0.1 ssh-ed25519 {KEY}", None),
        (f'from="10.0.0.1 ssh-ed25519 {KEY}', None),
        (f'from="10.0.0.1", no-pty ssh-ed25519 {KEY}', None),
        (f"no-pty no-user-rc ssh-ed25519 {KEY}", None),
        ("ssh-ed25519", None),
        ("no-pty", None),
        ("", None),
    ],
)
def test_a_line_is_read_as_sshd_reads_it(line: str, rule: Rule | None) -> None:
    assert rule_of(line) == rule


@pytest.mark.parametrize(
    ("patterns", "origin", "found"),
    [
        ("", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.10", False),
        ("10.0.0.?", "10.0.0.7", True),
        ("10.*", "11.0.0.1", False),
        ("10.*,!10.0.0.7", "10.0.0.7", False),
        ("!10.0.0.7", "10.0.0.8", False),
        ("192.168.99.0/24", "192.168.99.16", True),
        ("192.168.99.0/24", "", False),
        ("fe80::/10", "192.168.99.16", False),
    ],
)
def test_addresses_are_matched_by_patterns(patterns: str, origin: str, found: bool) -> None:
    assert matches(patterns, origin) is found


def test_the_first_line_that_lets_in_counts() -> None:
    lines = [
        f'from="10.0.0.1" ssh-ed25519 {KEY}',
        f'command="internal-sftp" ssh-ed25519 {KEY}',
        f"ssh-ed25519 {KEY}",
    ]
    assert let_in(lines, KEY, "10.0.0.1") == Rule(KEY, "10.0.0.1", "")
    assert let_in(lines, KEY, "10.0.0.2") == Rule(KEY, "", "internal-sftp")
    assert let_in(lines, "another", "10.0.0.1") is None
