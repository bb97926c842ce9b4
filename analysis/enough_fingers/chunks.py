"""Reads long columns of an HDF5 file with all processors.

HDF5 itself inflates one chunk after the other, and that is most of the time that reading takes.
Here chunks are read as they are stored, then inflated and put in order in threads: zlib lets others
work meanwhile. It knows what the store writes (deflate, before it shuffle); any other column is
read by HDF5.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import h5py
import numpy as np

from enough_fingers.columns import Values

_FEWEST_CHUNKS = 2
_MOST_THREADS = 16


def read_slices(
    group: h5py.Group, names: Iterable[str], start: int, stop: int
) -> dict[str, Values]:
    """Rows of columns of numbers.

    Args:
        group: Where the columns are.
        names: Which of them; each has one axis.
        start: First row.
        stop: Row behind the last; not behind the end.

    Returns:
        Values by column.

    Raises:
        ValueError: When a chunk is not what it should be.
        OSError: When HDF5 cannot read.
    """
    table: dict[str, Values] = {}
    threads = min(_MOST_THREADS, os.cpu_count() or 1)
    with ThreadPoolExecutor(max_workers=threads) as pool:
        coming = []
        for name in names:
            dataset = group[name]
            if not _is_known(dataset, stop - start):
                table[name] = dataset[start:stop]
                continue
            table[name] = np.empty(stop - start, dataset.dtype)
            length = dataset.chunks[0]
            for first in range(start - start % length, stop, length):
                mask, packed = dataset.id.read_direct_chunk((first,))
                if mask:
                    raise ValueError(f"a chunk of {dataset.name} is packed in another way")
                rows = slice(max(first, start) - first, min(first + length, stop) - first)
                to = table[name][first + rows.start - start : first + rows.stop - start]
                shuffled = bool(dataset.shuffle)
                coming.append(pool.submit(_unpack, packed, to, (length, rows), shuffled))
        for one in coming:
            one.result()
    return table


def _is_known(dataset: h5py.Dataset, rows: int) -> bool:
    """Whether a column is packed as the store does it, and long enough for threads to pay."""
    if dataset.ndim != 1 or dataset.chunks is None or dataset.compression != "gzip":
        return False
    filters = dataset.id.get_create_plist().get_nfilters()
    n_chunks = -(-len(dataset) // int(dataset.chunks[0]))
    return (
        filters == 1 + bool(dataset.shuffle)
        and dataset.id.get_num_chunks() == n_chunks
        and dataset.dtype.isnative
        and rows >= _FEWEST_CHUNKS * int(dataset.chunks[0])
    )


def _unpack(packed: bytes, to: Values, layout: tuple[int, slice], shuffled: bool) -> None:
    """Inflates a chunk and writes some of its rows; zlib holds it to its checksum."""
    length, rows = layout
    size = to.dtype.itemsize
    try:
        plain = zlib.decompress(packed, bufsize=length * size)
    except zlib.error as error:
        raise ValueError(f"a chunk is damaged ({error})") from error
    if len(plain) != length * size:
        raise ValueError("a chunk has another length than it should have")
    if not shuffled or size == 1:
        to[:] = np.frombuffer(plain, to.dtype)[rows]
        return
    # Shuffle: the first bytes of all numbers, then the second, and so on.
    planes = np.frombuffer(plain, np.uint8).reshape(size, length)[:, rows]
    octets = to.view(np.uint8).reshape(-1, size)
    for place in range(size):
        octets[:, place] = planes[place]
