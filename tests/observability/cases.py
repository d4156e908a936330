"""For each alert, series on which it fires and series on which it stays silent.

Values are in promtool's notation: `0x10` repeats 0 ten times more, `0+5x10` adds 5 a minute.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Series = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Case:
    """One alert after twenty minutes of these series; `severity` where it has two."""

    alert: str
    fires: Series
    silent: Series
    severity: str = ".*"


def one(alert: str, series: str, fires: str, silent: str, severity: str = ".*") -> Case:
    """A case of one series."""
    return Case(alert, {series: fires}, {series: silent}, severity)


def burn(alert: str, severity: str, budget: str, long: str, short: str, ratio: float) -> Case:
    """Both windows fire together; a short burst, over already, does not."""
    series = f"edge:{budget}:ratio_rate"
    high, low = f"{ratio}x25", "0x25"
    return Case(
        alert,
        {f"{series}{long}": high, f"{series}{short}": high},
        {f"{series}{long}": high, f"{series}{short}": low},
        severity,
    )


JOBS: Final = ("auth", "core", "worker", "policy", "traefik")
UP: Final = {f'up{{job="{job}",instance="a"}}': "1x25" for job in JOBS}
LOGIN: Final = 'auth_events_total{action="login",outcome="failure",reason="wrong-password"}'
SOON, LATER = 20 * 86400, 30 * 86400  # from the moment 0 of the series

CASES: Final = (
    burn("ErrorBudgetBurn", "page", "errors", "1h", "5m", 0.02),
    burn("ErrorBudgetBurn", "page", "errors", "6h", "30m", 0.007),
    burn("ErrorBudgetBurn", "ticket", "errors", "1d", "2h", 0.004),
    burn("ErrorBudgetBurn", "ticket", "errors", "3d", "6h", 0.0015),
    burn("LatencyBudgetBurn", "page", "slow", "1h", "5m", 0.2),
    burn("LatencyBudgetBurn", "ticket", "slow", "6h", "30m", 0.07),
    one("TargetDown", 'up{job="core",instance="a"}', "0x25", "1x25"),
    Case("TargetMissing", {k: v for k, v in UP.items() if "worker" not in k}, UP),
    one("ReplicaUnready", 'traefik_service_server_up{url="http://a"}', "0x25", "1x25"),
    one("ServiceUnavailable", 'dependency_up{dependency="auth"}', "0x25", "1x25"),
    one("ProcessRestarting", "process_start_time_seconds", "0+60x25", "60x25"),
    Case(
        "ServiceBusy",
        {"http_requests_in_flight": "500x25", "http_requests_in_flight_limit": "512x25"},
        {"http_requests_in_flight": "5x25", "http_requests_in_flight_limit": "512x25"},
    ),
    one("MemoryHigh", 'process_resident_memory_bytes{job="core"}', "7e8x25", "3e8x25"),
    # The clock of Prometheus is 0 at the first value, and a minute later at each next one.
    one("ClockSkewed", "process_clock_seconds", "30+60x25", "1+60x25"),
    one("MetricsStale", 'metrics_sampled_timestamp_seconds{job="worker"}', "0x25", "0+60x25"),
    one("MetricsStale", 'metrics_sampled_timestamp_seconds{job="auth"}', "0x25", "0+60x25"),
    one(
        "CertificateEnding",
        "gateway_certificate_end_timestamp_seconds",
        f"{SOON}x90",
        f"{LATER}x90",
    ),
    one("CertificateEnding", 'traefik_tls_certs_not_after{cn="a"}', f"{SOON}x90", f"{LATER}x90"),
    one("DatabaseUnavailable", 'dependency_up{dependency="database"}', "0x25", "1x25"),
    one("DatabaseUnavailable", 'dependency_up{dependency="postgres"}', "0x25", "1x25"),
    Case(
        "DatabaseConnectionsExhausted",
        {'database_connections{state="in_use"}': "20x25", "database_connections_limit": "20x25"},
        {'database_connections{state="in_use"}': "9x25", "database_connections_limit": "20x25"},
    ),
    one(
        "DatabaseOutOfResources",
        'database_errors_total{sqlstate_class="53"}',
        "0x18 1x7",
        "3x25",
    ),
    # The clock of Prometheus begins at 0: this backup ended three days before.
    one("BackupOld", "database_backup_timestamp_seconds", f"{1 - 3 * 86400}x25", "1x25"),
    Case(
        "WalArchivingFailing",
        {
            "database_wal_archived_timestamp_seconds": "60x25",
            "database_wal_archive_failed_timestamp_seconds": "0+60x25",
        },
        {
            "database_wal_archived_timestamp_seconds": "0+60x25",
            "database_wal_archive_failed_timestamp_seconds": "60x25",
        },
    ),
    one(
        "RedisUnavailable", 'gateway_degraded_seconds_total{part="redis"}', "0+60x25", "0x18 0.5x7"
    ),
    one(
        "RevocationUnavailable",
        'gateway_decisions_total{reason="revocation-unavailable"}',
        "0+9x50",
        "9x50",
    ),
    one("KeysUnavailable", 'dependency_up{dependency="keys"}', "0x25", "1x25"),
    one("SignInFailuresHigh", LOGIN, "0x10 0+600x15", "0+6x25"),
    one("RefreshTokenReused", 'auth_events_total{action="refresh-reuse"}', "0x15 1x10", "1x25"),
    one("PasswordHashingBusy", "auth_password_hashes_refused_total", "0+3x25", "7x25"),
    one("MailDelayed", "auth_mail_jobs_oldest_seconds", "900x25", "20x25"),
    one(
        "MailRefused",
        'auth_events_total{action="mail",outcome="failure",reason="refused"}',
        "0+1x25",
        "2x25",
    ),
    one("JobsDelayed", "core_jobs_oldest_seconds", "400x25", "20x25"),
    one("JobFailed", 'core_jobs_ended_total{result="failed",task="a"}', "0x15 1x10", "1x25"),
    one("ImportStalled", 'core_import_batches_oldest_seconds{state="applying"}', "1e3x25", "60x25"),
    one("ImportsFailing", 'core_import_batches_ended_total{state="failed"}', "0+1x25", "0x15 1x10"),
    one("CaseloadLag", "core_caseload_unfolded_rows", "3e5x25", "2e4x25"),
    one("AuditNotSealed", "audit_unsealed_oldest_seconds", "90x25", "2x25"),
    one("AuditAnchorFailing", "audit_anchor_failures_total", "0+1x25", "4x25"),
)
# Fires always, so that its silence is noticed.
WITHOUT_CASE: Final = frozenset({"Watchdog"})
