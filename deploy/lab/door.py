"""door PORT COMMAND...: each connection to 127.0.0.1:PORT becomes input and output of the command; a way into a network namespace."""
import socket
import subprocess
import sys

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", int(sys.argv[1])))
listener.listen(64)
running = []
while True:
    connection, _ = listener.accept()
    running = [process for process in running if process.poll() is None]
    if len(running) < 64:
        running.append(subprocess.Popen(sys.argv[2:], stdin=connection, stdout=connection))
    connection.close()
