"""The environment of each process."""

from dataclasses import replace

from common.assertions import derive_key
from devstack.environment import (
    Ports,
    Wiring,
    auth_environment,
    auth_owner_environment,
    core_environment,
    core_owner_environment,
    gateway_environment,
)


def test_the_ports_follow_the_gateways() -> None:
    assert Ports.starting_at(8080) == Ports(8080, auth=8081, core=8082, policy=8083)


def test_port_0_takes_ports_that_differ() -> None:
    ports = Ports.starting_at(0)
    assert len({ports.gateway, ports.auth, ports.core, ports.policy}) == 4


def test_each_service_shares_its_own_key_with_the_gateway(wiring: Wiring) -> None:
    secret = gateway_environment(wiring)["GATEWAY_ASSERTION_SECRET"]
    assert auth_environment(wiring)["AUTH_ASSERTION_KEYS"] == derive_key(secret, "auth")
    assert core_environment(wiring)["CORE_ASSERTION_KEYS"] == derive_key(secret, "core")


def test_demo_accounts_need_no_second_factor(wiring: Wiring) -> None:
    assert auth_environment(wiring)["AUTH_DEMO"] == "True"
    assert auth_environment(replace(wiring, demo=False))["AUTH_DEMO"] == "False"
    users = replace(wiring, inherited={"AUTH_FACTOR_ROLES": "admin"})
    assert auth_environment(users)["AUTH_FACTOR_ROLES"] == "admin"


def test_sign_ins_through_directories_end_at_the_console_unless_the_user_says_otherwise(
    wiring: Wiring,
) -> None:
    own = "http://127.0.0.1:8080/signed-in,http://localhost:8080/signed-in"
    assert auth_environment(wiring)["AUTH_OIDC_RETURN_URLS"] == own
    given = {"AUTH_OIDC_RETURN_URLS": "https://elsewhere.example/signed-in"}
    assert auth_environment(replace(wiring, inherited=given)).items() >= given.items()


def test_all_agree_on_the_issuer(wiring: Wiring) -> None:
    assert (
        auth_environment(wiring)["AUTH_ISSUER"]
        == core_environment(wiring)["CORE_ISSUER"]
        == gateway_environment(wiring)["GATEWAY_ISSUER"]
        == "http://127.0.0.1:8080"
    )


def test_no_service_gets_anothers_database(wiring: Wiring) -> None:
    assert wiring.core_database_url not in auth_environment(wiring).values()
    assert wiring.auth_database_url not in core_environment(wiring).values()
    gateway = set(gateway_environment(wiring).values())
    assert gateway.isdisjoint({wiring.auth_database_url, wiring.core_database_url})


def test_only_migrations_get_the_owners_database(wiring: Wiring) -> None:
    users = {"AUTH_MIGRATION_DATABASE_URL": "postgresql://u/a", "CORE_MIGRATION_DATABASE_URL": "x"}
    running = replace(wiring, inherited=users)
    for service in (auth_environment, core_environment, gateway_environment):
        given = service(running)
        assert {wiring.auth_owner_url, wiring.core_owner_url}.isdisjoint(given.values())
        assert users.keys().isdisjoint(given)
    assert wiring.auth_owner_url in auth_owner_environment(running).values()
    assert wiring.core_owner_url in core_owner_environment(running).values()


def test_the_users_own_settings_reach_the_services_but_not_over_the_wiring(
    wiring: Wiring,
) -> None:
    given = {"AUTH_LOG_LEVEL": "DEBUG", "AUTH_DATABASE_URL": "postgresql://elsewhere/auth"}
    environment = auth_environment(replace(wiring, inherited=given))
    assert environment["AUTH_LOG_LEVEL"] == "DEBUG"
    assert environment["AUTH_DATABASE_URL"] == wiring.auth_database_url


def test_mail_becomes_files_unless_the_user_says_otherwise(wiring: Wiring) -> None:
    assert auth_environment(wiring)["AUTH_MAIL"] == f"file:{wiring.mail_folder}"
    given = {"AUTH_MAIL": "smtp", "AUTH_SMTP_HOST": "mail.example"}
    environment = auth_environment(replace(wiring, inherited=given))
    assert (environment["AUTH_MAIL"], environment["AUTH_SMTP_HOST"]) == ("smtp", "mail.example")


def test_the_demo_password_is_not_passed_on(wiring: Wiring) -> None:
    inherited = {"MASIJALA_DEMO_PASSWORD": "typed by the user"}
    environment = auth_environment(replace(wiring, inherited=inherited))
    assert "typed by the user" not in environment.values()
    assert wiring.secrets.demo_password not in environment.values()


def test_the_wiring_keeps_its_secrets_out_of_its_representation(wiring: Wiring) -> None:
    shown = repr(wiring)
    assert wiring.secrets.gateway_assertion_secret not in shown
    assert wiring.secrets.demo_password not in shown
    assert "postgresql://" not in shown
