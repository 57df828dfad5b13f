"""A pretend S3 on loopback, and a way to it that can be cut."""

import re
import socket
import threading

import boto3
from moto.server import ThreadedMotoServer

BUCKET = "reports"


class Storage:
    """The server, with one empty bucket, and a client of it that is not ours."""

    def __enter__(self):
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.server.start()
        self.address = self.server.get_host_and_port()
        known = environment(self.address)
        self.client = boto3.client(
            "s3",
            endpoint_url=known["AWS_ENDPOINT"],
            region_name=known["AWS_REGION"],
            aws_access_key_id=known["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=known["AWS_SECRET_ACCESS_KEY"],
        )
        self.client.create_bucket(Bucket=BUCKET)
        return self

    def __exit__(self, *_):
        for key in self.objects():
            self.client.delete_object(Bucket=BUCKET, Key=key)
        self.client.delete_bucket(Bucket=BUCKET)
        self.server.stop()

    def objects(self, prefix=""):
        """The keys there are."""
        return [found["Key"] for found in self.client.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])]

    def read(self, key):
        return self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read()

    def overwrite(self, key, body):
        self.client.put_object(Bucket=BUCKET, Key=key, Body=body)


class Way:
    """A TCP proxy to the server. After so many bytes it cuts the connection in the middle of a request."""

    def __init__(self, storage, cut_after=None, stays_cut=False):
        self.target, self.left, self.stays_cut = storage.address, cut_after, stays_cut
        self.is_cut = False
        self.puts = []

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()

    @property
    def environment(self):
        return environment(self.listener.getsockname())

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.is_cut and self.stays_cut:
                client.close()
                continue
            server = socket.create_connection(self.target)
            threading.Thread(target=self.pump, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self.pump, args=(server, client, False), daemon=True).start()

    def pump(self, source, sink, is_request):
        try:
            while piece := source.recv(1 << 16):
                if is_request:
                    self.puts += re.findall(rb"PUT (\S+) HTTP/1", piece)
                    if self.cuts(len(piece)):
                        break
                sink.sendall(piece)
        except OSError:
            pass
        for end in [source, sink]:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cuts(self, sent):
        if self.left is None or (self.is_cut and not self.stays_cut):
            return False
        self.left -= sent
        self.is_cut = self.left < 0
        return self.is_cut


def environment(address):
    return {
        "AWS_ENDPOINT": f"http://{address[0]}:{address[1]}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "id",
        "AWS_SECRET_ACCESS_KEY": "canary-secret",
    }
