"""A worker process as the main process sees it: how it is started and watched, and how it is known to have ended."""

import contextlib
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any, Final

from cleaner.batch.worker import Limits, Work, run_worker

#: Seconds in which a worker must have started.
START_SECONDS: Final = 120.0


def start_method(preload: str = "") -> Any:
    """How workers are started, as a context of :mod:`multiprocessing`.

    A worker inherits nothing from the main process: no lock can be held in it, and no file descriptor kept open.
    With ``preload``, workers are forked from a process that has imported this module and does nothing else. That is
    for a program of our own: the process serves all of a program, and keeps what it has imported. Elsewhere, and where
    such a process is unsafe, each worker is a new interpreter.
    """
    if preload and sys.platform == "linux":  # on macOS, system libraries do not survive a fork
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([preload])
        return context
    return multiprocessing.get_context("spawn")


class WorkerProcess:
    """A process that runs :func:`~cleaner.batch.worker.run_worker`, and the pipe to it.

    ``ready`` is set by the pool when the worker has sent :class:`~cleaner.batch.worker.Ready`. Raises ``OSError`` if
    the process cannot be started.
    """

    def __init__(self, context: Any, work: Work[Any, Any], limits: Limits) -> None:
        self.ready = False
        self._seconds = limits.seconds
        self._item_started = context.RawArray("d", [time.monotonic()])  # written by the worker as well
        self.pipe, worker_end = context.Pipe()
        arguments = (worker_end, self._item_started, work, limits)
        self._process: BaseProcess = context.Process(
            target=run_worker, args=arguments, name="cleaner batch", daemon=True
        )
        with _environment():
            self._process.start()
        worker_end.close()  # with a copy open here, the pipe would not be closed when the worker ends

    @property
    def deadline(self) -> float:
        """When, in ``time.monotonic()``, the time for the current item or for the start is over."""
        return float(self._item_started[0]) + (self._seconds if self.ready else START_SECONDS)

    def send(self, items: Sequence[Any]) -> None:
        """Send items to be processed. If the process has ended, :meth:`receive` tells so."""
        self._item_started[0] = time.monotonic()
        with contextlib.suppress(OSError):
            self.pipe.send(items)

    def receive(self) -> Any:
        """The next message of the process; None if it has ended."""
        try:
            return self.pipe.recv()
        except (EOFError, OSError):
            return None

    def exit_code(self) -> int | None:
        """The exit code of a process that has closed its pipe. A negative code is that of a signal."""
        self._process.join(1)
        return self._process.exitcode

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.join()
        self.pipe.close()


@contextlib.contextmanager
def _environment() -> Iterator[None]:
    """The environment in which workers start: one thread for numpy, no reaction to Ctrl-C, and no main module.

    There are as many workers as cores, so more threads would only compete. Ctrl-C is left to the main process, which
    ends the workers. A worker would import the main module of the program, which it needs nothing from: a script
    without ``if __name__ == "__main__"`` would start its work again in each worker.
    """
    before = dict(os.environ)
    main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    # A new process inherits blocked signals: SIGINT cannot end it even while it starts. Here it is delivered later.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if hasattr(signal, "pthread_sigmask") else None
    try:
        yield
    finally:
        sys.modules["__main__"] = main
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for name in set(os.environ) - set(before):
            del os.environ[name]
