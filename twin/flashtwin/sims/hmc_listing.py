"""What the HMC lists: managed systems, partitions, profiles, reference codes, virtual adapters.

Attribute names and values: docs/platform-facts.md#hmc-listing.  The order of the attributes is that of one
real level; a reader must not depend on it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flashtwin.sims.vios import Vios
from flashtwin.site import PartitionSite

if TYPE_CHECKING:
    from flashtwin.world import ManagedSystem, Partition, Profile

SYSTEM_ATTRIBUTES = (
    "name",
    "type_model",
    "serial_num",
    "ipaddr",
    "sp_type",
    "state",
    "state_detail",
    "detailed_state",
    "sys_time",
    "power_off_policy",
    "cod_mem_capable",
    "os400_capable",
    "micro_lpar_capable",
    "virtual_fc_capable",
    "max_lpars",
    "lpar_proc_compat_modes",
    "curr_sys_keylock",
    "pend_sys_keylock",
    "description",
)
PARTITION_ATTRIBUTES = (
    "name",
    "lpar_id",
    "lpar_env",
    "state",
    "resource_config",
    "os_version",
    "logical_serial_num",
    "default_profile",
    "curr_profile",
    "work_group_id",
    "shared_proc_pool_util_auth",
    "allow_perf_collection",
    "power_ctrl_lpar_ids",
    "boot_mode",
    "lpar_keylock",
    "auto_start",
    "redundant_err_path_reporting",
    "rmc_state",
    "rmc_ipaddr",
    "time_ref",
    "lpar_avail_priority",
    "desired_lpar_proc_compat_mode",
    "curr_lpar_proc_compat_mode",
    "sync_curr_profile",
    "affinity_group_id",
    "vtpm_enabled",
    "uuid",
    "virtual_serial_num",
)
PROFILE_ATTRIBUTES = (
    "name",
    "lpar_name",
    "lpar_id",
    "lpar_env",
    "all_resources",
    "min_mem",
    "desired_mem",
    "max_mem",
    "proc_mode",
    "min_procs",
    "desired_procs",
    "max_procs",
    "sharing_mode",
    "io_slots",
    "lpar_io_pool_ids",
    "max_virtual_slots",
    "virtual_serial_adapters",
    "virtual_scsi_adapters",
    "virtual_eth_adapters",
    "virtual_fc_adapters",
    "load_source_slot",
    "console_slot",
    "conn_monitoring",
    "auto_start",
    "power_ctrl_lpar_ids",
    "work_group_id",
    "redundant_err_path_reporting",
)
REFCODE_ATTRIBUTES = (
    "lpar_name",
    "lpar_id",
    "time_stamp",
    "refcode",
    *(f"word{n}" for n in range(2, 10)),
    "fru_call_out_loc_codes",
)
SYSTEM_REFCODE_ATTRIBUTES = ("refcode_num", *REFCODE_ATTRIBUTES[2:])
ETHERNET_ATTRIBUTES = (
    "lpar_name",
    "lpar_id",
    "slot_num",
    "state",
    "is_required",
    "is_trunk",
    "ieee_virtual_eth",
    "port_vlan_id",
    "vswitch",
    "addl_vlan_ids",
    "mac_addr",
)
FIBRE_ATTRIBUTES = (
    "lpar_name",
    "lpar_id",
    "slot_num",
    "adapter_type",
    "state",
    "is_required",
    "remote_lpar_id",
    "remote_lpar_name",
    "remote_slot_num",
    "wwpns",
)
SCSI_ATTRIBUTES = (
    "lpar_name",
    "lpar_id",
    "slot_num",
    "state",
    "is_required",
    "adapter_type",
    "remote_lpar_id",
    "remote_lpar_name",
    "remote_slot_num",
)

SLOT_ATTRIBUTES = (
    "unit_phys_loc",
    "phys_loc",
    "drc_index",
    "drc_name",
    "lpar_name",
    "lpar_id",
    "description",
)

# What a console in another language says for the operating system of a partition that never ran.
UNKNOWN = {"pl": "Nieznane", "de": "Unbekannt", "fr": "Inconnu", "es": "Desconocido", "it": "Sconosciuto"}
# While the machine is in one of these states its partitions cannot be asked for.
WITHOUT_PARTITION_STATES = ("Error", "Recovery", "Incomplete", "Error - Terminated", "Version Mismatch")
FIRST_SLOT = 2
FIRST_FIBRE_SLOT = 20


def system_row(machine: ManagedSystem, state: str, local: dt.datetime) -> dict[str, str]:
    """A row of lssyscfg -r sys; the state is the one that the console shows."""
    connected = state == "Operating"
    return {
        "name": machine.name,
        "type_model": machine.type_model,
        "serial_num": machine.serial,
        "ipaddr": "10.0.0.2",
        "sp_type": "fsp",
        "state": state,
        "state_detail": "",
        "detailed_state": "None",
        "sys_time": local.strftime("%m/%d/%Y %H:%M:%S") if connected else "unavailable",
        "power_off_policy": "0",
        "cod_mem_capable": "1",
        "os400_capable": "1",
        "micro_lpar_capable": "1",
        "virtual_fc_capable": "1",
        "max_lpars": "1000",
        "lpar_proc_compat_modes": "default,POWER7,POWER8,POWER9,POWER9_base",
        "curr_sys_keylock": "norm",
        "pend_sys_keylock": "norm",
        "description": "",
    }


def partition_row(partition: Partition, site: PartitionSite | None, language: str) -> dict[str, str]:
    """A row of lssyscfg -r lpar; `language` is the one that the console answers in."""
    machine = partition.managed_system
    unknown = UNKNOWN.get(language, "Unknown")
    hidden = machine.state in WITHOUT_PARTITION_STATES
    active = partition.state != "Not Activated"
    mode = "POWER9" if active else "null"
    return {
        "name": partition.name,
        "lpar_id": str(partition.lpar_id),
        "lpar_env": partition.env,
        "state": "Not Available" if hidden else partition.state,
        "resource_config": "1" if partition.curr_profile else "0",
        "os_version": (site.os_version if site is not None and active else "") or unknown,
        "logical_serial_num": f"{machine.serial}{_base36(partition.lpar_id)}",
        "default_profile": default_profile(partition, site),
        "curr_profile": partition.curr_profile,
        "work_group_id": "none",
        "shared_proc_pool_util_auth": "0",
        "allow_perf_collection": "0",
        "power_ctrl_lpar_ids": "none",
        "boot_mode": "null" if partition.env == "os400" else "norm",
        "lpar_keylock": partition.keylock,
        "auto_start": "1" if partition.auto_start else "0",
        "redundant_err_path_reporting": "0",
        "rmc_state": _rmc_state(partition),
        "rmc_ipaddr": "",
        "time_ref": "0",
        "lpar_avail_priority": "127",
        "desired_lpar_proc_compat_mode": "default",
        "curr_lpar_proc_compat_mode": mode,
        "sync_curr_profile": "0",
        "affinity_group_id": "none",
        "vtpm_enabled": "0",
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{machine.serial}-{partition.lpar_id}")).upper(),
        "virtual_serial_num": partition.virtual_serial or "none",
    }


def _rmc_state(partition: Partition) -> str:
    if isinstance(partition.vios, Vios):
        return partition.vios.rmc_state
    return "none" if partition.env == "os400" else "inactive"


def default_profile(partition: Partition, site: PartitionSite | None) -> str:
    """The default profile: the one that the site names, else the partition's first."""
    if site is not None and site.default_profile:
        return site.default_profile
    return next(iter(partition.profiles), "")


def profile_row(partition: Partition, profile: Profile, auto_start: bool) -> dict[str, str]:
    """A row of lssyscfg -r prof."""
    return {
        "name": profile.name,
        "lpar_name": partition.name,
        "lpar_id": str(partition.lpar_id),
        "lpar_env": partition.env,
        "all_resources": "0",
        "min_mem": "4096",
        "desired_mem": "16384",
        "max_mem": "32768",
        "proc_mode": "shared",
        "min_procs": "1",
        "desired_procs": "2",
        "max_procs": "4",
        "sharing_mode": "uncap",
        "io_slots": "none",
        "lpar_io_pool_ids": "none",
        "max_virtual_slots": "64",
        "virtual_serial_adapters": "0/server/1/any//any/1,1/server/1/any//any/1",
        "virtual_scsi_adapters": _scsi(partition),
        "virtual_eth_adapters": ethernet(profile),
        "virtual_fc_adapters": fibre(partition),
        "load_source_slot": str(FIRST_FIBRE_SLOT) if partition.wwpns else "none",
        "console_slot": "hmc",
        "conn_monitoring": "0",
        "auto_start": "1" if auto_start else "0",
        "power_ctrl_lpar_ids": "none",
        "work_group_id": "none",
        "redundant_err_path_reporting": "0",
    }


def ethernet(profile: Profile) -> str:
    """The profile's virtual Ethernet adapters.

    slot/IEEE 802.1Q/port VLAN/additional VLANs/trunk priority/required/switch/MAC/allowed MACs/QoS.
    """
    adapters = [f"{FIRST_SLOT + n}/0/{vlan}//0/0/ETHERNET0//all/none" for n, vlan in enumerate(profile.vlans)]
    return ",".join(adapters) or "none"


def fibre(partition: Partition) -> str:
    """The virtual Fibre Channel adapters.

    slot/client/server's id/server's name/server's slot/WWPN pair/required.
    """
    adapters = []
    for n, pair in enumerate(_pairs(partition)):
        adapters.append(f'"{FIRST_FIBRE_SLOT + n}/client/1/vios1/{100 + n}/{",".join(pair)}/0"')
    return ",".join(adapters) or "none"


def _pairs(partition: Partition) -> Iterator[tuple[str, ...]]:
    wwpns = [one.lower() for one in partition.wwpns]
    for at in range(0, len(wwpns), 2):
        yield tuple(wwpns[at : at + 2])


def refcode_rows(partition: Partition, count: int, offset: dt.timedelta) -> list[dict[str, str]]:
    """The newest `count` reference codes of a partition, newest first; one empty row when it has none."""
    known: list[tuple[float | None, str]] = [*partition.refcodes[::-1][:count]] or [(None, "")]
    rows = []
    for time, code in known:
        row = dict.fromkeys(REFCODE_ATTRIBUTES, "")
        row["lpar_name"], row["lpar_id"] = partition.name, str(partition.lpar_id)
        row["time_stamp"] = "" if time is None else stamp(time, offset)
        row["refcode"] = with_partition(code, partition.lpar_id)
        rows.append(row)
    return rows


def with_partition(code: str, lpar_id: int) -> str:
    """The code as lsrefcode shows it: hypervisor codes of a partition carry its id behind them."""
    return f"{code} LP={lpar_id:05d}" if code[:2] in ("B2", "C2", "D2") else code


def stamp(time: float, offset: dt.timedelta) -> str:
    """A time stamp on the console's local clock."""
    return (dt.datetime.fromtimestamp(time, dt.UTC) + offset).strftime("%m/%d/%Y %H:%M:%S")


def ethernet_rows(partition: Partition) -> list[dict[str, str]]:
    """Rows of lshwres --rsubtype eth: the adapters that the partition was activated with."""
    profile = partition.profiles.get(partition.curr_profile)
    rows = []
    for n, vlan in enumerate(profile.vlans if profile is not None else ()):
        rows.append(
            {
                "lpar_name": partition.name,
                "lpar_id": str(partition.lpar_id),
                "slot_num": str(FIRST_SLOT + n),
                "state": "1" if partition.state != "Not Activated" else "0",
                "is_required": "0",
                "is_trunk": "0",
                "ieee_virtual_eth": "0",
                "port_vlan_id": str(vlan),
                "vswitch": "ETHERNET0",
                "addl_vlan_ids": "none",
                "mac_addr": f"FA16{partition.lpar_id:04X}{FIRST_SLOT + n:04X}",
            }
        )
    return rows


def fibre_rows(partition: Partition) -> list[dict[str, str]]:
    """Rows of lshwres --rsubtype fc."""
    return [
        {
            "lpar_name": partition.name,
            "lpar_id": str(partition.lpar_id),
            "slot_num": str(FIRST_FIBRE_SLOT + n),
            "adapter_type": "client",
            "state": "1" if partition.state != "Not Activated" else "0",
            "is_required": "0",
            "remote_lpar_id": "1",
            "remote_lpar_name": "vios1",
            "remote_slot_num": str(100 + n),
            "wwpns": ",".join(pair),
        }
        for n, pair in enumerate(_pairs(partition))
    ]


def scsi_rows(partition: Partition) -> list[dict[str, str]]:
    """Rows of lshwres --rsubtype scsi: the adapters of a VIOS for its clients, and those of the clients."""
    machine = partition.managed_system.partitions
    rows = []
    for server in machine.values():
        for adapter in server.vios.adapters if isinstance(server.vios, Vios) else ():
            client = machine.get(adapter.client)
            sides = [
                (server.lpar_id, server.name, adapter.slot, "server"),
                (adapter.client, client.name if client is not None else "", adapter.client_slot, "client"),
            ]
            for own, other in (sides, sides[::-1]):
                if own[0] == partition.lpar_id:
                    rows.append(
                        {
                            "lpar_name": own[1],
                            "lpar_id": str(own[0]),
                            "slot_num": str(own[2]),
                            "state": "1" if partition.state != "Not Activated" else "0",
                            "is_required": "0",
                            "adapter_type": own[3],
                            "remote_lpar_id": str(other[0]),
                            "remote_lpar_name": other[1],
                            "remote_slot_num": str(other[2]),
                        }
                    )
    return rows


def _scsi(partition: Partition) -> str:
    """The virtual SCSI adapters: slot/client|server/other's id/its name/its slot/required."""
    return (
        ",".join(
            f"{row['slot_num']}/{row['adapter_type']}/{row['remote_lpar_id']}/{row['remote_lpar_name']}/"
            f"{row['remote_slot_num']}/0"
            for row in scsi_rows(partition)
        )
        or "none"
    )


def _base36(number: int) -> str:
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return digits[number % 36] if number < 36 else _base36(number // 36) + digits[number % 36]
