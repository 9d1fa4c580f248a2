"""Runs scim2-tester against a SCIM server, and prints one line of JSON for each of its checks.

ROSTER_ADDRESS is the base of the server, ROSTER_TOKEN its bearer token.
"""

import json
import os

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import check_server

client = SyncSCIMClient(
    Client(
        base_url=os.environ["ROSTER_ADDRESS"],
        headers={"Authorization": "Bearer " + os.environ["ROSTER_TOKEN"]},
        timeout=60,
    )
)
for result in check_server(client):
    data = result.data if isinstance(result.data, dict) else {}
    print(
        json.dumps(
            {
                "status": result.status.name,
                "check": result.title or "",
                "resource": result.resource_type or "",
                "attribute": str(data.get("urn", "")),
                "reason": result.reason or "",
            }
        )
    )
