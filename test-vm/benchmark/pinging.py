"""A proxy between two nodes that pings both over their own control stream and measures how soon each answers."""

import collections
import socket
import struct
import threading
import time

import process

HEADER_80 = struct.Struct(">IHH")
HEADER_100 = struct.Struct(">IhHII")
MAGIC_80 = 0x83740267
MAGIC_100 = 0x8620EC20
P_INITIAL_META = 0xFFF1
P_PING = 0x13
P_PING_ACK = 0x14
PING = HEADER_100.pack(MAGIC_100, -1, P_PING, 0, 0)

CHUNK_BYTES = 256 * 1024


class Proxy:
    """Listens for one node and dials the other; stays until its process ends."""

    def __init__(self, target_port, on_control):
        self.target_port = target_port
        self.on_control = on_control
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        _thread(self._accept)

    def _accept(self):
        while True:
            client, _ = self.listener.accept()
            _thread(self._serve, client)

    def _serve(self, client):
        try:
            server = socket.create_connection(("127.0.0.1", self.target_port))
        except ConnectionRefusedError:
            client.close()
            return
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        first = _receive(client, HEADER_80.size)
        if not first:
            _hang_up(client, server)
            return
        server.sendall(first)
        if HEADER_80.unpack(first)[:2] == (MAGIC_80, P_INITIAL_META):
            self.on_control(ControlStream(client, server))
        else:
            _thread(_pump, client, server)
            _thread(_pump, server, client)


class ControlStream:
    """Whole packets go both ways; pings of our own go between them, and their answers no further."""

    def __init__(self, client, server):
        self.to_server, self.to_client = _Side(server), _Side(client)
        _thread(_forward, client, self.to_server, self.to_client)
        _thread(_forward, server, self.to_client, self.to_server)


class _Side:
    """What is sent to one node, and which of the pings sent to it were ours."""

    def __init__(self, connection):
        self.connection = connection
        self.lock = threading.Lock()
        self.asked = collections.deque()
        self.answered_s = []

    def ping(self):
        with self.lock:
            self.asked.append(time.monotonic())
            self.connection.sendall(PING)

    def send(self, packet, is_ping):
        with self.lock:
            if is_ping:
                self.asked.append(None)
            self.connection.sendall(packet)

    def answers(self):
        """Takes note of an answer; says whether it was to a ping of ours."""
        asked = self.asked.popleft()
        if asked is not None:
            self.answered_s.append(time.monotonic() - asked)
        return asked is not None


def _forward(source, destination, own):
    """From one node to the other; own is what is sent to the node that is the source."""
    while header := _receive(source, HEADER_100.size):
        magic, _, command, length, _ = HEADER_100.unpack(header)
        if magic != MAGIC_100:
            raise process.BenchmarkError(f"control stream: magic {magic:#x}, expected {MAGIC_100:#x}")
        packet = header + (_receive(source, length) if length else b"")
        if command != P_PING_ACK or not own.answers():
            destination.send(packet, command == P_PING)
    _hang_up(source, destination.connection)


def _pump(source, destination):
    while chunk := source.recv(CHUNK_BYTES):
        destination.sendall(chunk)
    _hang_up(source, destination)


def _receive(source, length):
    data = b""
    while len(data) < length:
        part = source.recv(length - len(data))
        if not part:
            return b""
        data += part
    return data


def _hang_up(*connections):
    for connection in connections:
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the other end was faster


def _thread(task, *arguments):
    threading.Thread(target=task, args=arguments, daemon=True).start()
