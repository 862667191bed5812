// Channels (chan.go, 1.19 to 1.27).
//
// A waiting partner is served directly and the active side keeps running: a value handed to a waiting receiver never
// touches the buffer. Wait queues are first in, first out; an entry of a select counts only if it wins the race to wake
// its goroutine. Close wakes receivers and senders in reverse order, so that with runnext the first receiver runs first,
// then the last, the last but one, and so on.
//
// Each function is one instant: in Go the channel's lock is held. What follows the effect (the wake-up of a thread) takes
// time on behalf of the goroutine.

#include <algorithm>

#include "models/go/world.hpp"

namespace gmpsim {

void Chan::push(const Payload& v) {
  if (count == ring.size()) {  // grow up to the capacity, unrolling the ring
    std::vector<Payload> larger(std::min(capacity, std::max<std::size_t>(4, 2 * ring.size())));
    for (std::size_t i = 0; i < count; ++i) larger[i] = ring[(head + i) % ring.size()];
    ring.swap(larger);
    head = 0;
  }
  ring[(head + count) % ring.size()] = v;
  ++count;
}

Payload Chan::pop() {
  const Payload v = ring[head];
  head = (head + 1) % ring.size();
  --count;
  return v;
}

namespace {

// dequeue: the first waiter that can still be woken.
Sudog* dequeue(WaitQueue& q) {
  while (Sudog* s = q.first) {
    q.remove(s);
    if (s->is_select) {
      if (s->g->select_done) continue;
      s->g->select_done = true;
    }
    return s;
  }
  return nullptr;
}

}  // namespace

/// Through slot `place` of the buffer, counted from its head, g learns from who used it before (chan.go: racenotify).
void World::sync_buffer(const G& g, const Chan& c, std::size_t place) {
  if (c.timer != nullptr)
    sync(g, Sync::learn, c.object, kArmed);
  else
    sync(g, Sync::meet, c.object, static_cast<std::int64_t>((c.taken + place) % c.capacity));
}

/// A value went from one goroutine to the other directly: as if through the buffer, if there is one (chan.go: send, recv,
/// racesync).
Step World::handed_over(G& active, G* other, Chan& c) {
  if (c.capacity == 0) {
    sync(active, Sync::exchange, c.object, other->id);
  } else {
    sync_buffer(active, c, 0);
    sync_buffer(*other, c, 0);
    ++c.taken;
  }
  return wake_one(active, other);
}

void World::block(G& g, WaitReason reason, std::uint32_t object) {
  g.wait_reason = reason;
  g.waiting_on = object;
  g.request = Request::park;
}

Step World::chan_send(G& g, Chan* c, const Payload& v) {
  if (c == nullptr) {
    block(g, WaitReason::chan_send_nil, 0);
    return Step::wait;
  }
  g.param = &g.sudog;
  if (c->closed) {
    g.sudog.success = false;
    return Step::done;
  }
  if (Sudog* receiver = dequeue(c->recvq)) {
    receiver->elem = v;
    receiver->success = true;
    receiver->g->param = receiver;
    g.sudog.success = true;
    if (options_.happens_before) [[unlikely]]
      return handed_over(g, receiver->g, *c);
    return wake_one(g, receiver->g);
  }
  if (c->count < c->capacity) {
    g.sudog.success = true;
    if (options_.happens_before) [[unlikely]]
      sync_buffer(g, *c, c->count);
    c->push(v);
    return Step::done;
  }
  g.sudog.g = &g;
  g.sudog.c = c;
  g.sudog.elem = v;
  g.sudog.is_select = false;
  g.sudog.success = false;
  c->sendq.push_back(&g.sudog);
  block(g, WaitReason::chan_send, c->object);
  return Step::wait;
}

const char* World::chan_send_finish(G& g) { return g.sudog.success ? nullptr : "send on closed channel"; }

Step World::chan_recv(G& g, Chan* c) {
  if (c == nullptr) {
    block(g, WaitReason::chan_receive_nil, 0);
    return Step::wait;
  }
  if (c->timer != nullptr) [[unlikely]]
    timer_chan_poll(*c);
  g.sudog.c = nullptr;
  g.sudog.elem = {};
  if (c->closed && c->count == 0) {
    g.sudog.success = false;
    sync(g, Sync::learn, c->object, kClosed);
    return Step::done;
  }
  if (Sudog* sender = dequeue(c->sendq)) {
    if (c->capacity == 0) {
      g.sudog.elem = sender->elem;
    } else {  // the buffer is full: take its head, the sender's value goes to its tail
      g.sudog.elem = c->pop();
      c->push(sender->elem);
    }
    g.sudog.success = true;
    sender->success = true;
    sender->g->param = sender;
    if (options_.happens_before) [[unlikely]]
      return handed_over(g, sender->g, *c);
    return wake_one(g, sender->g);
  }
  if (c->count > 0) {
    if (options_.happens_before) [[unlikely]] {
      sync_buffer(g, *c, 0);
      ++c->taken;
    }
    g.sudog.elem = c->pop();
    g.sudog.success = true;
    return Step::done;
  }
  g.sudog.g = &g;
  g.sudog.c = c;
  g.sudog.is_select = false;
  g.sudog.success = false;
  c->recvq.push_back(&g.sudog);
  block(g, WaitReason::chan_receive, c->object);
  if (c->timer != nullptr) [[unlikely]]
    timer_chan_block(g, *c);
  return Step::wait;
}

World::Received World::chan_recv_finish(G& g) {
  if (g.sudog.c != nullptr && g.sudog.c->timer != nullptr) [[unlikely]] {
    timer_chan_unblock(*g.sudog.c);
  }
  return {g.sudog.elem, g.sudog.success};
}

Step World::chan_close(G& g, Chan* c, const char*& panic) {
  panic = nullptr;
  if (c == nullptr) {
    panic = "close of nil channel";
    return Step::done;
  }
  if (c->closed) {
    panic = "close of closed channel";
    return Step::done;
  }
  GQueue list = chan_closed(g, *c);
  if (list.empty()) return Step::done;
  if (list.size() == 1) return wake_one(g, list.pop());
  return run_nested(g, wake_many(g, list));
}

// All receivers, then all senders, are pushed onto a stack and woken from its top: in reverse.
GQueue World::chan_closed(const G& g, Chan& c) {
  c.closed = true;
  sync(g, Sync::replace, c.object, kClosed);
  GQueue list;
  while (Sudog* s = dequeue(c.recvq)) {
    s->elem = {};
    s->success = false;
    s->g->param = s;
    sync(*s->g, Sync::learn, c.object, kClosed);
    list.push_front(s->g);
  }
  while (Sudog* s = dequeue(c.sendq)) {
    s->success = false;
    s->g->param = s;
    list.push_front(s->g);
  }
  return list;
}

Chan* World::make_chan(std::size_t capacity, std::uint32_t object) {
  chans_.emplace_back();
  Chan& c = chans_.back();
  c.object = dynamic(ObjectKind::chan, object);
  c.capacity = capacity;
  return &c;
}

}  // namespace gmpsim
