"""nginx, as a stock mirror: serves a feed directory with keep-alive, and logs."""

import json
import os
import pathlib

from colport_harness import need, wait_for

CONFIGURATION = """
daemon off;
worker_processes 1;
pid {work}/nginx.pid;
error_log {work}/error.log;
{user}
events {{ worker_connections 256; }}
http {{
    types {{ text/plain txt; }}
    default_type application/octet-stream;
    log_format lines escape=json '{{"path":"$uri","status":$status,"range":"$http_range",'
        '"sent":$body_bytes_sent,"connection":$connection,"nth":$connection_requests,'
        '"time":$msec,"agent":"$http_user_agent"}}';
    access_log {work}/access.log lines;
    keepalive_timeout 75s;
    sendfile on;
    client_body_temp_path {work}/body;
    proxy_temp_path {work}/proxy;
    fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi;
    scgi_temp_path {work}/scgi;
    server {{
        listen {address}:{port};
        root {folder};
    }}
}}
"""


class NginxMirror:
    """Runs on the host until the lab ends. `url` is the mirror's address."""

    def __init__(self, host, folder, port=8080):
        need("nginx")
        self.work = host.lab.work / f"nginx-{host.name}-{port}"
        self.work.mkdir()
        self.url = f"http://{host.address}:{port}/"
        # The folder of a test is its owner's alone.
        user = "user root;" if os.geteuid() == 0 else ""
        (self.work / "nginx.conf").write_text(CONFIGURATION.format(
            work=self.work, user=user, address=host.address, port=port,
            folder=pathlib.Path(folder).absolute()))
        self.process, output = host.start("nginx", "-p", self.work, "-e",
                                          self.work / "error.log", "-c",
                                          self.work / "nginx.conf")

        def listens():
            if self.process.poll() is not None:
                raise AssertionError(f"nginx ended: {output.read_text()}")
            return (self.work / "nginx.pid").exists() and host.reaches(host.address, port)

        wait_for("nginx", listens)

    def requests(self):
        """What was answered so far: path, status, range, sent, connection, nth (of
        that connection), time, agent."""
        lines = (self.work / "access.log").read_text().splitlines()
        return [json.loads(line) for line in lines]
