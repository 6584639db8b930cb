// Who is there, by DNS: SRV records name host and port of each feed. No multicast.

// region discovery
export async function endpoints(resolver, service) {
  const records = await resolver.resolveSrv(service);
  const found = records.map(async ({ name, port }) => {
    const addresses = await resolver.resolve4(name);
    return addresses.map((address) => `tcp://${address}:${port}`);
  });
  return new Set((await Promise.all(found)).flat());
}

// Keeps `members` equal to what `look` answers. No answer is no news: members stay.
export class Roster {
  members = new Map(); // endpoint -> { member, misses }

  constructor(look, { join, leave, misses = 3 }) {
    Object.assign(this, { look, join, leave, misses });
  }

  async refresh() {
    const seen = await this.look().catch(() => null);
    if (!seen || seen.size === 0) return;
    for (const endpoint of seen) {
      const member = this.members.get(endpoint)?.member ?? this.join(endpoint);
      this.members.set(endpoint, { member, misses: 0 });
    }
    for (const [endpoint, entry] of this.members) {
      if (!seen.has(endpoint)) this.#miss(endpoint, entry);
    }
  }

  #miss(endpoint, entry) {
    entry.misses++;
    if (entry.misses < this.misses) return;
    this.members.delete(endpoint);
    this.leave(entry.member, endpoint);
  }
}
// endregion discovery
