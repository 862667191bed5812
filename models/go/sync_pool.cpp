// sync.Pool: Get, Put and what a collection does to it (sync/pool.go: Get, Put, getSlow, poolCleanup).
//
// Get looks in its own P's slot, then its queue, then at the tails of the other Ps' queues in order, then in the victims
// in the same way. A collection makes victims of all there is, while the world is stopped: what nobody uses between two
// collections is gone. Until 1.12 there were no victims, and every collection emptied the pool.
//
// The goroutine is pinned to its P meanwhile, so each of these is one instant.

#include "models/go/sync_pool.hpp"

#include "models/go/world.hpp"

namespace gmpsim {

namespace {

bool take_from(std::vector<SyncPool::Local>& all, std::uint32_t p, std::uint32_t procs, Payload& out) {
  if (all.size() < procs) all.resize(procs);
  SyncPool::Local& own = all[p];
  if (own.has_own) {
    own.has_own = false;
    out = own.own;
    return true;
  }
  if (!own.shared.empty()) {
    out = own.shared.front();
    own.shared.pop_front();
    return true;
  }
  for (std::uint32_t i = 1; i <= procs; ++i) {
    SyncPool::Local& other = all[(p + i) % procs];
    if (other.shared.empty()) continue;
    out = other.shared.back();
    other.shared.pop_back();
    return true;
  }
  return false;
}

}  // namespace

bool World::pool_get(G& g, SyncPool& pool, Payload& out) {
  const std::uint32_t p = g.m->p->id;
  const bool found = take_from(pool.local, p, procs(), out) || take_from(pool.victim, p, procs(), out);
  if (found) sync(g, Sync::learn, pool.object, out.tag == 0 ? out.bits : 0);
  return found;
}

void World::pool_put(G& g, SyncPool& pool, const Payload& v) {
  // What is put is known to whoever gets the same value (an address would not be the same in every run).
  sync(g, Sync::add, pool.object, v.tag == 0 ? v.bits : 0);
  if (pool.local.size() < procs()) pool.local.resize(procs());
  SyncPool::Local& own = pool.local[g.m->p->id];
  if (!own.has_own) {
    own.has_own = true;
    own.own = v;
  } else {
    own.shared.push_front(v);
  }
}

/// poolCleanup, with the world stopped.
void World::clear_pools() {
  for (SyncPool& pool : pools_) {
    pool.victim.clear();
    if (settings().pool_victims) pool.victim.swap(pool.local);
    pool.local.clear();
  }
}

SyncPool* World::make_pool(std::uint32_t object) {
  pools_.emplace_back();
  pools_.back().object = dynamic(ObjectKind::other, object);
  return &pools_.back();
}

}  // namespace gmpsim
