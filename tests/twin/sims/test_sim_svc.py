"""The simulated array: formats of the listings, parameters, roles, groups and mappings."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from flashtwin.keys import public_key
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.svc import Svc
from flashtwin.site import ArrayUser
from flashtwin.world import World

Send = Callable[..., Outcome]


@pytest.mark.parametrize(
    ("line", "out"),
    [
        (
            "lsfcconsistgrp -delim :",
            "id:name:status:start_time:owner_id:owner_name\n"
            "1:SISTPROD_24:copying:261117204027::\n2:SISTPROD_1:idle_or_copied:261115060000::\n",
        ),
        (
            "lsfcconsistgrp -delim ! -nohdr -filtervalue status=copying",
            "1!SISTPROD_24!copying!261117204027!!\n",
        ),
        (
            "lsfcconsistgrp -delim=! -nohdr -filtervalue name=SIST*_1",
            "2!SISTPROD_1!idle_or_copied!261115060000!!\n",
        ),
        (
            "lsfcconsistgrp -delim : SISTPROD_24",
            "id:1\nname:SISTPROD_24\nstatus:copying\nautodelete:off\nstart_time:261117204027\nowner_id:\nowner_name:\n"
            "FC_mapping_id:0\nFC_mapping_name:fcmap0\nFC_mapping_id:1\nFC_mapping_name:fcmap1\n"
            "FC_mapping_id:2\nFC_mapping_name:fcmap2\nFC_mapping_id:3\nFC_mapping_name:fcmap3\n",
        ),
        (
            "svcinfo lsfcconsistgrp",
            "id name        status         start_time   owner_id owner_name\n"
            "1  SISTPROD_24 copying        261117204027                    \n"
            "2  SISTPROD_1  idle_or_copied 261115060000                    \n",
        ),
        (
            "lsfcmap -delim : -filtervalue group_name=SISTPROD_24:target_vdisk_name=*_D2",
            "id:name:source_vdisk_id:source_vdisk_name:target_vdisk_id:target_vdisk_name:group_id:group_name:status:"
            "progress:copy_rate:clean_progress:incremental:partner_FC_id:partner_FC_name:restoring:start_time:"
            "rc_controlled:size_mismatch\n"
            "1:fcmap1:1:SISTPROD_D2:5:SISTP24_D2:1:SISTPROD_24:copying:0:0:100:off:::no:261117204027:no:no\n",
        ),
        ("lsfcmapprogress -delim : fcmap4", "id:progress\n4:100\n"),
        ("lsfcmapprogress -delim : 0", "id:progress\n0:0\n"),
        ("lsfcmapdependentmaps fcmap0", ""),
        ("lsvdiskdependentmaps SISTP24_D1", ""),
        ("lsvdiskdependentmaps -delim : SISTPROD_D1", "fc_id:fc_name\n0:fcmap0\n"),
        ("lsvdiskfcmappings -delim : SISTPROD_D1", "fc_id:fc_name\n0:fcmap0\n4:fcmap4\n"),
        (
            "lshost -delim : -nohdr",
            "0:SISTPROD:2:4:online:::::scsi\n1:SISTPROD_24:2:4:online:::::scsi\n",
        ),
        (
            "lsvdiskhostmap -delim : SISTP24_D2",
            "id:name:SCSI_id:host_id:host_name:vdisk_UID:IO_group_id:IO_group_name:mapping_type:host_cluster_id:"
            "host_cluster_name:protocol\n"
            "5:SISTP24_D2:1:1:SISTPROD_24:600507680200A0201234000000000005:0:io_grp0:private:::scsi\n",
        ),
        ("lsvdiskhostmap SISTP1_D1", ""),
        (
            "lsmdiskgrp -bytes -delim :",
            "id:name:status:mdisk_count:vdisk_count:capacity:extent_size:free_capacity:virtual_capacity:"
            "used_capacity:real_capacity:overallocation:warning:easy_tier:easy_tier_status:type:data_reduction\n"
            "0:Pool0:online:4:12:43980465111040:1024:33354716020736:12661563588608:10625749090304:10625749090304:"
            "28:80:auto:balanced:parent:no\n",
        ),
        ("lseventlog", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_listings(svc: Send, line: str, out: str) -> None:
    reply = svc(line)
    assert (reply.status, reply.out, reply.err) == (0, out, "")


def test_the_detail_of_a_pool_shows_what_its_drives_hold(svc: Send) -> None:
    """The listing does not; neither figure counts on compression."""
    lines = svc("lsmdiskgrp -bytes -delim : Pool0").out.splitlines()
    assert lines[-4:] == [
        "parent_mdisk_grp_id:0",
        "parent_mdisk_grp_name:Pool0",
        "physical_capacity:43980465111040",
        "physical_free_capacity:33354716020736",
    ]


def test_without_a_delimiter_a_detail_is_key_blank_value(svc: Send) -> None:
    lines = svc("lsfcmap fcmap0").out.splitlines()
    assert lines[:3] == ["id 0", "name fcmap0", "source_vdisk_id 0"]
    assert "status copying" in lines
    assert "dependent_mappings 0" in lines
    assert "partner_FC_id " in lines


def test_a_host_repeats_its_ports(svc: Send) -> None:
    lines = svc("lshost -delim : SISTPROD").out.splitlines()
    assert [line for line in lines if line.startswith("WWPN:")] == [
        "WWPN:C05076082D180010",
        "WWPN:C05076082D180011",
    ]


def test_a_volume_has_a_section_for_its_copy(svc: Send) -> None:
    head, copy = svc("lsvdisk -delim : SISTP24_D1").out.split("\n\n")
    assert head.startswith("id:4\nname:SISTP24_D1\nIO_group_id:0\nIO_group_name:io_grp0\nstatus:online\n")
    assert "capacity:300.00GB\n" in head
    assert "vdisk_UID:600507680200A0201234000000000004\n" in head
    assert copy.startswith("copy_id:0\nstatus:online\nsync:yes\n")
    assert "used_capacity:36.00GB\nreal_capacity:37.00GB\nfree_capacity:1.00GB\n" in copy
    assert copy.count("\ntier:") == 2


def test_volumes_by_name_id_and_uid_and_their_columns(svc: Send) -> None:
    rows = svc("lsvdisk -delim ! -bytes -filtervalue name=SISTPROD_D1").out.splitlines()
    row = dict(zip(rows[0].split("!"), rows[1].split("!"), strict=True))
    assert row["capacity"] == "322122547200"
    assert (row["FC_id"], row["FC_name"], row["fc_map_count"]) == ("many", "many", "2")
    assert (row["status"], row["vdisk_UID"]) == ("online", "600507680200A0201234000000000000")
    by_uid = svc("lsvdisk -delim : 600507680200A0201234000000000000").out
    assert by_uid == svc("lsvdisk -delim : 0").out == svc("lsvdisk -delim : SISTPROD_D1").out


def test_thin_copies_only(svc: Send) -> None:
    lines = svc("lssevdiskcopy -delim ,").out.splitlines()
    assert lines[0].startswith(
        "vdisk_id,vdisk_name,copy_id,mdisk_grp_id,mdisk_grp_name,capacity,used_capacity,"
    )
    assert len(lines) == 9
    assert lines[1].startswith("4,SISTP24_D1,0,0,Pool0,300.00GB,36.00GB,37.00GB,1.00GB,810,on,80,256,yes,no")


def test_the_system_tells_its_id_and_level(svc: Send) -> None:
    lines = svc("lssystem -delim :").out.splitlines()
    assert lines[:3] == ["id:00000200A0201234", "name:V7000", "location:local"]
    assert "code_level:8.6.0.3 (build 167.20.2403110921000)" in lines


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("lsfcconsistgrp nix", "CMMVC5754E"),
        ("lsfcconsistgrp 77", "CMMVC5753E"),
        ("lsfcmap nix", "CMMVC5754E"),
        ("lsfcmapprogress", "CMMVC5701E"),
        ("lsfcconsistgrp -colour red", "CMMVC5709E"),
        ("lsfcconsistgrp -delim", "CMMVC5707E"),
        ("lsfcconsistgrp -delim ::", "CMMVC5767E"),
        ("lsfcconsistgrp -filtervalue colour=red", "CMMVC5741E"),
        ("lsfcconsistgrp -filtervalue name", "CMMVC5741E"),
        ("lsfcconsistgrp -filtervalue name=a SISTPROD_24", "CMMVC5713E"),
        ("lsfcconsistgrp SISTPROD_24 SISTPROD_1", "CMMVC5709E"),
        ("lsfcconsistgrp " + "x" * 129, "CMMVC5738E"),
        ("lsfcconsistgrp ümlaut", "CMMVC6017E"),
        ("startfcconsistgrp", "CMMVC5701E"),
        ("startfcconsistgrp nix", "CMMVC5804E"),
        ("startfcconsistgrp -override SISTPROD_24", "CMMVC5709E"),
        ("startfcmap fcmap0", "CMMVC5767E"),
        ("stopfcconsistgrp -force -split SISTPROD_24", "CMMVC5713E"),
        ("svctask lsfcmap", "CMMVC5709E"),
        ("svcinfo startfcconsistgrp SISTPROD_24", "CMMVC5709E"),
        ("mkvdisk -name x", "CMMVC7205E"),
        ("mkfcmap -source SISTPROD_D1", "CMMVC5707E"),
        ("mkfcmap -source SISTPROD_D1 -target SISTPROD_D1", "CMMVC6303E"),
        ("mkfcmap -source SISTPROD_D1 -target SISTP24_D1", "CMMVC6466E"),
        ("mkfcmap -source nix -target SISTP24_D1", "CMMVC5804E"),
        ("mkfcmap -source SISTPROD_D1 -target SISTPROD_D2 -copyrate 200", "CMMVC5767E"),
        ("mkfcmap -source SISTPROD_D1 -target SISTPROD_D2 -consistgrp SISTPROD_24", "CMMVC5920E"),
        ("mkfcconsistgrp -name SISTPROD_24", "CMMVC6035E"),
        ("mkfcconsistgrp -name 1x", "CMMVC6527E"),
        ("rmfcconsistgrp SISTPROD_24", "CMMVC5895E"),
        ("chfcmap fcmap0", "CMMVC5707E"),
        ("chfcmap -name new -copyrate 5 fcmap0", "CMMVC5713E"),
        ("chfcmap -consistgrp 0 fcmap0", "CMMVC5915E"),
        ("rmfcmap fcmap0", "CMMVC5898E"),
    ],
)  # fmt: skip
def test_refusals_are_an_id_and_a_text_on_stderr_with_status_1(svc: Send, line: str, message: str) -> None:
    reply = svc(line)
    assert (reply.status, reply.out) == (1, "")
    assert reply.err.startswith(message + " ")
    assert reply.err.endswith(".\n")


def test_a_missing_command_is_the_shell_s(svc: Send) -> None:
    reply = svc("lsdrive")
    assert (reply.status, reply.out, reply.err) == (127, "", "rbash: lsdrive: command not found\n")


@pytest.mark.parametrize("role", ["Monitor", "Service"])
def test_a_role_that_only_looks_may_change_nothing(world: World, send: Send, role: str) -> None:
    users = (ArrayUser(name="watch", role=role),)  # type: ignore[arg-type]
    array = Svc(world, dataclasses.replace(world.arrays["V7000"].config, users=users))
    assert send(array, "lsfcconsistgrp", "watch").status == 0
    for line in (
        "stopfcconsistgrp SISTPROD_24",
        "mkfcconsistgrp -name g",
        "rmfcmap fcmap0",
        "chfcmap -copyrate 1 0",
    ):
        reply = send(array, line, "watch")
        assert (reply.status, reply.err[:10]) == (1, "CMMVC6253E")
    assert send(array, "lsfcconsistgrp", "stranger").err.startswith("CMMVC6253E ")


def test_groups_and_mappings_are_made_changed_and_removed(svc: Send, world: World) -> None:
    assert (
        svc("mkfcconsistgrp -name NEW").out == "FlashCopy Consistency Group, id [3], successfully created\n"
    )
    assert "3:NEW:empty::" in svc("lsfcconsistgrp -delim :").out
    assert svc("prestartfcconsistgrp NEW").err.startswith("CMMVC5804E ")
    make = svc("svctask mkfcmap -source SISTP1_D1 -target SISTPROD_D1 -consistgrp NEW -copyrate 0 -name back")
    assert make.out == "FlashCopy Mapping, id [8], successfully created\n"
    assert "3:NEW:idle_or_copied::" in svc("lsfcconsistgrp -delim :").out
    assert svc("chfcmap -copyrate 80 -cleanrate 100 back").status == 0
    assert "copy_rate:80" in svc("lsfcmap -delim : back").out
    assert svc("chfcmap -name ahead back").status == 0
    assert svc("rmfcconsistgrp -force NEW").status == 0
    assert world.arrays["V7000"].model.map("ahead").group is None
    assert svc("rmfcmap ahead").status == 0
    assert svc("lsfcmap ahead").err.startswith("CMMVC5754E ")
    sizes = world.arrays["V7000"].model.volumes
    sizes[0].size += 512
    assert svc("mkfcmap -source SISTPROD_D1 -target SISTPROD_D2").err.startswith("CMMVC5924E ")


def test_a_copy_rate_may_change_in_any_state(svc: Send) -> None:
    assert svc("chfcmap -copyrate 100 fcmap0").status == 0
    assert "copy_rate:100" in svc("lsfcmap -delim : fcmap0").out


def test_a_suspicious_name_is_taken_as_it_stands(svc: Send) -> None:
    assert svc("lsfcconsistgrp -- -delim").err.startswith("CMMVC5754E ")
    assert svc("lsfcconsistgrp 'SISTPROD 24'").err.startswith("CMMVC5754E ")
    assert svc("lsfcconsistgrp SISTPROD 24").err.startswith("CMMVC5709E ")


def test_keys_and_events(svc: Send, world: World) -> None:
    array = world.arrays["V7000"]
    assert array.accepts("flashc", public_key("v7000_ed25519")[1])
    assert not array.accepts("flashc", public_key("hmc1_ed25519")[1])
    svc("lssystem")
    svc("startfcconsistgrp SISTPROD_24")
    assert [(event["text"], event["rc"], event["user"]) for event in world.events.of("array_command")] == [
        ("lssystem", 0, "flashc"),
        ("startfcconsistgrp SISTPROD_24", 1, "flashc"),
    ]
    hanging = Svc(world, dataclasses.replace(array.config, reach="hang"))
    outcome = hanging.handle("flashc", "lssystem")
    assert isinstance(outcome, Outcome)
    assert outcome.hang


@pytest.mark.parametrize(
    "line",
    [
        *(
            "'",
            '"',
            "\\",
            "$",
            "-",
            "--",
            "=",
            "svcinfo",
            "svctask",
            "svcinfo svcinfo",
            "\udcff x",
            "lsvdisk -",
            "\0",
        ),
        *(
            "lsvdisk " + text
            for text in ("-delim", "-delim=", "-delim ''", "-filtervalue ''", "-filtervalue [a", "''")
        ),
        *("lsvdisk " + text for text in ("-unit zb", "-bytes=1", "-filtervalue name=[", "²", "9" * 60, "-1")),
        "lseventlog -count x",
        "chfcmap -copyrate ² 0",
        "lsfcmap " + ":".join("x" * 200),
        "; reboot",
        "lsfcmap `id`",
        "startfcconsistgrp SISTPROD_24 && rm x",
    ],
)
def test_no_line_makes_it_fail(svc: Send, line: str) -> None:
    reply = svc(line)
    assert reply.status is not None
    assert bool(reply.err) == (reply.status != 0)
