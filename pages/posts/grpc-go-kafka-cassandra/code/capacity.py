"""What the target needs, computed from what was measured: each setting, count and size as a range.

`figures(numbers)` takes the lowest and highest values of the measurements. Nothing here was run at the
target's rate; a range is as wide as its inputs.
"""

import struct

# region target
PEAK = 400_000  # quotes a second
INSTRUMENTS = 5_000
SKEW = (0.8, 1.0)  # exponent of Zipf's law for the rate of the n-th busiest instrument
AVERAGE = (0.2, 1.0)  # of the peak, over a session: from a fifth to all of it
SESSION = 8.5 * 3600  # seconds
READERS, WATCHED = 2_000, 50  # streams, and instruments of each
CONFLATED = (1, 10)  # updates a second that a reader gets of an instrument
BUDGET = 100  # ms from ingest to the reader, at the 99th percentile
REPLICAS = 3  # in Kafka and in Cassandra
PARTITIONS, BROKERS = 96, 6
SERVERS = (10, 20)  # processes that each read the whole log
RETENTION = 24 * 3600  # seconds of the log
TTL_DAYS = 30
NODE_TB = (1, 2)  # of data on one node of Cassandra
OLD_NODE = 3_300_000 / 288  # replica writes a second on a node, Netflix 2011
ROOM, CHANNEL = 1_000, 1_024  # the settings of our listings
SILENCE = 10  # seconds of an unreachable broker that ingest shall ride out
INGEST = 8  # ingest processes
OVERHEAD = 40  # bytes of HTTP/2 and TLS for each update, if none share a record
# endregion target


def figures(n):
    """Name: text, for every figure that is computed."""
    found = {}
    for part in (log, skew, fan_out, rows, partitions_of_cassandra, queues, budget):
        found |= part(n)
    return {f"c_{name}": text for name, text in found.items()}


def span(low, high, digits=0):
    """"low–high", or one of them where they print alike."""
    first, last = (f"{value:,.{digits}f}" for value in sorted((low, high)))
    return first if first == last else f"{first}–{last}"


def busiest(exponent):
    """The share of the busiest instrument, and of each, by Zipf's law."""
    weights = [1 / rank**exponent for rank in range(1, INSTRUMENTS + 1)]
    whole = sum(weights)
    return [weight / whole for weight in weights]


def log(n):
    low, high = n["linger20_bytes"][0], n["linger5_bytes"][1]
    each = (PEAK * low / 1e6, PEAK * high / 1e6)
    day = [rate * 1e6 * SESSION * share / 1e12 for rate, share in zip(each, AVERAGE)]
    return {
        "log_mb_s": span(*each),
        "log_replicated_mb_s": span(*(rate * REPLICAS for rate in each)),
        "log_read_gbit_s": span(each[0] * SERVERS[0] * 8 / 1e3, each[1] * SERVERS[1] * 8 / 1e3),
        "server_read_mbit_s": span(*(rate * 8 for rate in each)),
        "log_day_tb": span(*(size * REPLICAS for size in day), digits=1),
        "apply_cores": span(PEAK * n["apply_us"][0] / 1e6, PEAK * n["apply_us"][1] / 1e6, 1),
    }


def murmur2(data):
    """The hash of Kafka's Java client, as in feed/partition.go."""
    m, mask = 0x5BD1E995, 0xFFFFFFFF
    h = 0x9747B28C ^ len(data)
    whole = len(data) // 4 * 4
    for (k,) in struct.iter_unpack("<I", data[:whole]):
        k = k * m & mask
        k = (k ^ k >> 24) * m & mask
        h = (h * m & mask) ^ k
    rest = data[whole:]
    if rest:
        h = (h ^ int.from_bytes(rest, "little")) * m & mask
    h = (h ^ h >> 13) * m & mask
    return h ^ h >> 15


def hottest(shares, partitions):
    """The share of the partition that gets most, when instruments are hashed."""
    loads = [0.0] * partitions
    for instrument, share in enumerate(shares, 1):
        loads[(murmur2(str(instrument).encode()) & 0x7FFFFFFF) % partitions] += share
    return max(loads)


def skew(n):
    found = {"skew": "0.8 to 1.0", "servers": span(*SERVERS)}
    tops = [busiest(exponent)[0] for exponent in SKEW]
    found["top_share"] = span(*(100 * top for top in tops))
    found["top_rate"] = span(*(round(PEAK * top, -2) for top in tops))
    for partitions in (24, PARTITIONS, 384):
        shares = [100 * hottest(busiest(exponent), partitions) for exponent in SKEW]
        found[f"hot_{partitions}"] = span(*shares, digits=1)
        found[f"even_{partitions}"] = f"{100 / partitions:.1f}"
    found["hot_rate"] = span(*(round(PEAK * hottest(busiest(e), PARTITIONS), -2) for e in SKEW))
    return found


def fan_out(n):
    watched = READERS * WATCHED
    updates = [watched * per_second for per_second in CONFLATED]
    cpu = [updates[0] * n["high_cpu_us"][0] / 1e6, updates[1] * n["high_cpu_us"][1] / 1e6]
    size = n["update_bytes"][1] + OVERHEAD
    return {
        "raw_m_s": span(PEAK / INSTRUMENTS * watched / 1e6, PEAK / INSTRUMENTS * watched / 1e6, 0),
        "updates_k_s": span(*(rate / 1e3 for rate in updates)),
        "fan_cores": span(*cpu, digits=1),
        "raw_cores": span(*(PEAK / INSTRUMENTS * watched * each / 1e6 for each in n["high_cpu_us"])),
        "fan_servers": span(cpu[0] / 4 / 0.6 + 1, cpu[1] / 4 / 0.6 + 1),
        "fan_gbit_s": span(*(rate * size * 8 / 1e9 for rate in updates), digits=1),
        "mailbox_mb": span(READERS * WATCHED * 100 / 1e6, READERS * WATCHED * 300 / 1e6),
    }


def rows(n):
    chunks = [INSTRUMENTS * AVERAGE[0], INSTRUMENTS * 2]  # a batch ends inside a second
    daily = [PEAK * SESSION * share for share in AVERAGE]
    packed = [daily[0] * n["packed_bytes"][0], daily[1] * n["packed_bytes"][1] * 1.3]  # and keys
    single = [daily[0] * 60, daily[1] * 110]  # a row for each quote, before compression
    kept = [size * REPLICAS * TTL_DAYS / 1e12 for size in packed]
    return {
        "row_writes_m": f"{PEAK * REPLICAS / 1e6:.1f}",
        "row_nodes": span(round(PEAK * REPLICAS / OLD_NODE), round(PEAK * REPLICAS / OLD_NODE)),
        "old_node": f"{OLD_NODE:,.0f}",
        "chunk_writes_k": span(*(rate / 1e3 for rate in chunks), digits=1),
        "fewer": span(PEAK / chunks[1], PEAK / chunks[0]),
        "quotes_day_bn": span(*(count / 1e9 for count in daily), digits=1),
        "chunks_day_gb": span(*(size / 1e9 for size in packed)),
        "rows_day_gb": span(*(size / 1e9 for size in single)),
        "chunks_kept_tb": span(*kept),
        "chunk_nodes": span(max(3, kept[0] / NODE_TB[1]), max(3, kept[1] / NODE_TB[0])),
        "window_gb": span(*(size * REPLICAS / 1e9 for size in packed)),
    }


def partitions_of_cassandra(n):
    tops = [PEAK * busiest(exponent)[0] for exponent in SKEW]
    width = [tops[0] * n["packed_bytes"][0], tops[1] * n["packed_bytes"][1] * 1.3]
    usual = PEAK / INSTRUMENTS * n["packed_bytes"][1] * 1.3
    busy = sum(1 for share in busiest(SKEW[1]) if PEAK * share * n["packed_bytes"][1] * 1.3 * 3600 > 100e6)
    return {
        "hot_hour_mb": span(*(rate * 3600 / 1e6 for rate in width)),
        "hot_minute_mb": span(*(rate * 60 / 1e6 for rate in width)),
        "usual_hour_mb": f"{usual * 3600 / 1e6:.1f}",
        "row_hour_m": span(*(top * 3600 / 1e6 for top in tops)),
        "busy": str(busy),
    }


def queues(n):
    need = PEAK * SILENCE / INGEST
    to_a_broker = PEAK / INGEST / BROKERS  # quotes a second
    fill = [65_536 / to_a_broker / size * 1e3 for size in (n["linger5_bytes"][1], n["linger20_bytes"][0])]
    return {
        "fill_ms": span(*fill),
        "per_ingest": f"{PEAK / INGEST:,.0f}",
        "room_ms": f"{ROOM / (PEAK / INGEST) * 1000:.0f}",
        "room_needed": f"{need:,.0f}",
        "room_mb": span(need * 200 / 1e6, need * 400 / 1e6),
        "channel_ms": f"{CHANNEL / PEAK * 1000:.1f}",
        "eager_backlog_m": f"{PEAK * 5 / 1e6:.0f}",
        "batch_s": span(10_000 / (PEAK / PARTITIONS) * 1, 10_000 / (PEAK * hottest(busiest(1.0), PARTITIONS)), 1),
    }


def budget(n):
    linger, last = n["linger5_p99"], n["high_p99"]
    left = [BUDGET - linger[1] - last[1], BUDGET - linger[0] - last[0]]
    return {"left_ms": span(*(max(0, each) for each in left)), "spent_ms": span(linger[0] + last[0], linger[1] + last[1])}
