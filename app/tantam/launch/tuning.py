"""PostgreSQL's settings, sized for the machine at every start."""

from __future__ import annotations

import os
from pathlib import Path

MEGABYTE = 1 << 20


def memory() -> int:
    """The memory this process may use, in megabytes: the machine's, or the container's where that is less."""
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // MEGABYTE
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            limit = int(Path(path).read_text()) // MEGABYTE
        except (OSError, ValueError):
            continue
        total = min(total, limit) if limit else total
    return total


def settings(*, port: int, socket_folder: str, throw_away: bool) -> dict[str, str]:
    """The settings of an embedded server. `throw_away` trades safety for speed, for tests."""
    megabytes = memory()
    shared = max(64, min(megabytes // 8, 2048))
    values = {
        "listen_addresses": "'127.0.0.1'",
        "port": str(port),
        "unix_socket_directories": f"'{socket_folder}'",
        "unix_socket_permissions": "0777",  # the folder and the password guard it
        "max_connections": "100",
        "password_encryption": "'scram-sha-256'",  # nosec B105 - how, not which
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(shared * 2, megabytes * 6 // 10)}MB",
        "work_mem": f"{max(4, min(megabytes // 512, 32))}MB",
        "maintenance_work_mem": f"{max(64, min(megabytes // 16, 512))}MB",
        "random_page_cost": "1.1",  # solid-state disks, and mostly memory
        "effective_io_concurrency": "64",
        "jit": "off",  # short queries; compiling them takes longer than running them
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "autovacuum_vacuum_scale_factor": "0.05",
        "autovacuum_analyze_scale_factor": "0.02",
        "idle_in_transaction_session_timeout": "15min",
        "max_locks_per_transaction": "128",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "logging_collector": "on",
        "log_filename": "'postgresql-%a.log'",
        "log_rotation_age": "1d",
        "log_truncate_on_rotation": "on",
        "log_lock_waits": "on",
        # Statements, their parameters and the keys in error details are patients' data: none is written to a log.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length_on_error": "0",
    }
    if _shared_memory_is_small():
        values["dynamic_shared_memory_type"] = "mmap"
    if throw_away:
        values |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "logging_collector": "off",
            "shared_buffers": "256MB",
            "autovacuum": "off",
            "max_connections": "60",
        }
    return values


def _shared_memory_is_small() -> bool:
    """Containers often come with 64 MB of /dev/shm, which a parallel query outgrows."""
    try:
        status = os.statvfs("/dev/shm")  # nosec B108 - its size is asked, nothing is written
    except OSError:
        return True
    return status.f_frsize * status.f_blocks < 512 * MEGABYTE


def as_text(values: dict[str, str]) -> str:
    """`values` as a configuration file."""
    head = "# Written at every start. What is to stay different belongs into local.conf beside this file.\n"
    return head + "".join(f"{name} = {value}\n" for name, value in values.items())
