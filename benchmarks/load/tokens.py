"""Logs in on every host of a server and prints a line for each: host, access token, ids of 20 projects.

Usage: tokens.py PORT HOST…
"""

import json
import sys
from http.client import HTTPConnection

LOGIN = json.dumps({"username": "bench", "password": "bench-password-1"})


def ask(connection: HTTPConnection, method: str, path: str, headers: dict[str, str], body: str | None = None) -> dict:
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    text = response.read()
    if response.status != 200:
        sys.exit(f"{headers['Host']}{path} answered {response.status}: {text[:200]!r}")
    return json.loads(text)


def main() -> None:
    port, *hosts = sys.argv[1:]
    connection = HTTPConnection("127.0.0.1", int(port), timeout=30)
    for host in hosts:
        json_type = {"Host": host, "Content-Type": "application/json"}
        token = ask(connection, "POST", "/api/auth/jwt/token/", json_type, LOGIN)["access"]
        signed_in = {"Host": host, "Authorization": f"Bearer {token}"}
        projects = ask(connection, "GET", "/api/projects/", signed_in)["results"]
        print(host, token, *[project["id"] for project in projects])


if __name__ == "__main__":
    main()
