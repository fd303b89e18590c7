"""A scripted HTTP server on loopback that speaks the OpenAI chat protocol, well or badly as told."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Script:
    """`steps` are used one per request, the last for ever. A step is a text to answer, or {"do": …}."""

    steps: list[Any]
    models: dict[str, Any] = field(default_factory=lambda: {"data": [{"id": "m", "object": "model"}]})
    seen: list[dict[str, Any]] = field(default_factory=list)

    def next(self) -> Any:
        return self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]


@contextmanager
def serving(script: Script) -> Iterator[str]:
    """The base URL of a server that follows `script`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None: ...

        def do_GET(self) -> None:
            self._json(200, script.models)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            script.seen.append(body | {"authorization": self.headers.get("authorization")})
            step = script.next()
            step = step(body) if callable(step) else step
            if isinstance(step, str):
                self._answer(step, body.get("stream", False))
            else:
                self._misbehave(step)

        def _answer(self, text: str, stream: bool) -> None:
            usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
            if not stream:
                message = {"role": "assistant", "content": text}
                choice = {"index": 0, "message": message, "finish_reason": "stop"}
                self._json(200, {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage})  # fmt: skip
                return
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("connection", "close")
            self.end_headers()
            base = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
            for part in (text[:7], text[7:]):
                self._event(base | {"choices": [{"index": 0, "delta": {"role": "assistant", "content": part}, "finish_reason": None}]})  # fmt: skip
            self._event(base | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            self._event(base | {"choices": [], "usage": usage})
            self.wfile.write(b"data: [DONE]\n\n")
            self.close_connection = True

        def _event(self, value: dict[str, Any]) -> None:
            self.wfile.write(b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n")
            self.wfile.flush()

        def _misbehave(self, step: dict[str, Any]) -> None:
            what = step["do"]
            if what == "status":
                self._json(step["code"], {"error": {"message": step.get("message", "no"), "type": "x"}}, step.get("headers", {}))  # fmt: skip
            elif what == "hang":
                time.sleep(step["seconds"])
                self.close_connection = True
            elif what == "cut":
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", "5000")
                self.end_headers()
                self.wfile.write(b'{"id": "1", "choi')
                self.wfile.flush()
                self.close_connection = True
            elif what == "cut_stream":
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("transfer-encoding", "chunked")
                self.end_headers()
                event = b'data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"{\\"ve"},"finish_reason":null}]}\n\n'  # fmt: skip
                self.wfile.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")
                self.wfile.flush()
                self.close_connection = True
            elif what == "body":
                self._json(200, step["value"])

        def _json(self, code: int, value: Any, headers: dict[str, str] | None = None) -> None:
            data = json.dumps(value, ensure_ascii=False).encode()
            self.send_response(code)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            for name, text in (headers or {}).items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(data)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
