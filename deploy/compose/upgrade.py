"""Replaces the containers of the services, one service after the other, without a failed request.

`make upgrade` runs it after the images are built; it needs Python and docker-compose alone. First
the schemas are migrated, with which the previous code works as well. Then each replica of a service
gets a successor; only when all of them are ready are the old ones stopped, one by one, which ends
them when their requests are answered. Traefik stays: to replace the only one interrupts all.
"""

import argparse
import json
import os
import subprocess
import sys
import time

COMMAND = os.environ.get("COMPOSE", "docker-compose").split()
# In the order of who needs whom: a new core may need what only a new auth has.
SERVICES = ("auth", "core", "worker", "policy")
MIGRATIONS = ("setup", "databases", "core-migrate", "auth-migrate")
READY_SECONDS = 180
# In which Traefik has a new replica: its list is renewed every two seconds, and then checked.
LISTED_SECONDS = 5


def main() -> None:
    """Replace every replica, or those of the services that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("services", nargs="*", choices=[*SERVICES, []], help="by default all")
    parser.add_argument("--no-migrations", action="store_true", help="restart the replicas alone")
    given = parser.parse_args()
    if not given.no_migrations:
        migrate()
        compose("up", "-d", "--no-deps", "traefik-config")
    for service in given.services or SERVICES:
        replace(service)
    if stale("traefik"):
        say("Traefik has a newer image. Its replacement interrupts the service for some seconds:")
        say("docker-compose up -d --no-deps traefik")


def migrate() -> None:
    """The one-shot services in their order, each of which must succeed."""
    for service in MIGRATIONS:
        say(f"{service} …")
        compose("run", "--rm", "--no-deps", service)


def replace(service: str) -> None:
    """Start as many successors as there are replicas, and end these when those serve."""
    old = containers(service)
    say(f"{service}: replacing {len(old)} …")
    scale = f"{service}={2 * len(old)}"
    compose("up", "-d", "--no-deps", "--no-recreate", "--scale", scale, service)
    successors = [each for each in containers(service) if each not in old]
    for successor in successors:
        wait_until_healthy(successor, successors)
    # While the first one drains, the second still serves, and Traefik learns of the successors.
    if len(old) == 1:
        time.sleep(LISTED_SECONDS)
    for container in old:
        docker("stop", container)
        docker("rm", container)


def wait_until_healthy(container: str, successors: list[str]) -> None:
    """Wait; when one fails, all successors are removed, and the old replicas go on serving."""
    deadline = time.monotonic() + READY_SECONDS
    while (state := inspect(container)["State"])["Health"]["Status"] != "healthy":
        if state["Status"] != "running" or time.monotonic() > deadline:
            log = docker("logs", "--tail=30", container)
            docker("rm", "--force", *successors)
            sys.exit(f"{log}\nthe new container does not become ready: nothing more is replaced")
        time.sleep(0.5)


def stale(service: str) -> bool:
    """Whether its image has another content than the container's."""
    return any(
        inspect(each)["Image"] != docker("inspect", "--format={{.Id}}", image_of(each))
        for each in containers(service)
    )


def image_of(container: str) -> str:
    name: str = inspect(container)["Config"]["Image"]
    return name


def containers(service: str) -> list[str]:
    """The IDs of a service's running containers."""
    return compose("ps", "-q", service).split()


def inspect(container: str) -> dict:
    found: dict = json.loads(docker("inspect", container))[0]
    return found


def compose(*arguments: str) -> str:
    return run([*COMMAND, *arguments])


def docker(*arguments: str) -> str:
    return run(["docker", *arguments])


def run(command: list[str]) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own commands
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - for the operator


if __name__ == "__main__":
    main()
