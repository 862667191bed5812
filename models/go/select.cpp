// select (select.go: selectgo, 1.19 to 1.27).
//
// Go shuffles the cases and takes the first that is ready; that is a uniform choice among the ready ones, so that is what
// is asked of the chooser, and only when two or more are ready: a case that is not ready disturbs no schedule. When none
// is ready the goroutine queues on all channels at once; the first waker wins.
//
// Before Go 1 it looked at the cases from a random one on by a random stride without common divisor (select_order: step;
// chan.c of 2010): who stands behind a case that is never ready gets that one's turns as well.

#include <numeric>
#include <vector>

#include "models/go/world.hpp"
#include "sim/check.hpp"

namespace gmpsim {

namespace {

// Somebody who waits in q and can still be woken (entries of selects that have been decided do not count).
bool has_live_waiter(const WaitQueue& q) {
  for (const Sudog* s = q.first; s != nullptr; s = s->next)
    if (!s->is_select || !s->g->select_done) return true;
  return false;
}

bool is_ready(const World::SelectCase& k) {
  if (k.c == nullptr) return false;
  if (k.send) return k.c->closed || has_live_waiter(k.c->recvq) || k.c->count < k.c->capacity;
  return k.c->count > 0 || k.c->closed || has_live_waiter(k.c->sendq);
}

/// The first ready case in the order of before Go 1.
std::size_t first_by_step(const World::SelectCase* cases, std::uint32_t n, Chooser& chooser, Site& site) {
  std::uint32_t strides = 0;
  for (std::uint32_t p = 1; p <= n; ++p) strides += std::gcd(p, n) == 1 ? 1 : 0;
  std::uint32_t which = chooser.choose(site, strides);
  ++site.count;
  std::uint32_t stride = 1;
  while (std::gcd(stride, n) != 1 || which-- != 0) ++stride;
  std::uint32_t at = chooser.choose(site, n);
  ++site.count;
  while (!is_ready(cases[at])) at = (at + stride) % n;
  return at;
}

}  // namespace

Step World::select(G& g, const SelectCase* cases, std::size_t n, bool has_default, Site& site) {
  GMPSIM_CHECK(n < 65536 && g.cases == nullptr, "a goroutine is in one select of fewer than 65536 cases");
  std::uint32_t ready_count = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (cases[i].c != nullptr && cases[i].c->timer != nullptr) timer_chan_poll(*cases[i].c);
    if (is_ready(cases[i])) ++ready_count;
  }
  g.sudog.c = nullptr;
  if (ready_count > 0) {
    std::size_t i = 0;
    if (ready_count > 1 && select_by_step_) [[unlikely]] {
      i = first_by_step(cases, static_cast<std::uint32_t>(n), chooser_, site);
    } else {
      std::uint32_t pick = 0;
      if (ready_count > 1) {
        pick = chooser_.choose(site, ready_count);
        ++site.count;
      }
      for (;; ++i)
        if (is_ready(cases[i]) && pick-- == 0) break;
    }
    g.case_taken = static_cast<std::int32_t>(i);
    g.case_is_send = cases[i].send;
    return cases[i].send ? chan_send(g, cases[i].c, cases[i].value) : chan_recv(g, cases[i].c);
  }
  if (has_default) {
    g.case_taken = -1;
    return Step::done;
  }
  if (n == 0) {
    block(g, WaitReason::select_no_cases, 0);
    return Step::wait;
  }
  g.cases = static_cast<Sudog*>(frames_.allocate(n * sizeof(Sudog)));
  g.case_count = static_cast<std::uint16_t>(n);
  g.select_done = false;
  std::uint32_t object = 0;
  for (std::size_t i = 0; i < n; ++i) {
    Sudog* s = ::new (g.cases + i) Sudog;
    s->g = &g;
    s->c = cases[i].c;
    s->index = static_cast<std::uint16_t>(i);
    s->is_select = true;
    if (s->c == nullptr) continue;
    if (object == 0) object = s->c->object;
    if (cases[i].send) {
      s->elem = cases[i].value;
      s->c->sendq.push_back(s);
      s->sends = true;
    } else {
      s->c->recvq.push_back(s);
      if (s->c->timer != nullptr) timer_chan_block(g, *s->c);
    }
  }
  block(g, WaitReason::select, object);
  return Step::wait;
}

World::Selected World::select_finish(G& g) {
  if (g.cases == nullptr) {  // decided without waiting
    if (g.case_taken < 0) return {-1, {}, false, nullptr};
    if (g.case_is_send) return {g.case_taken, {}, true, chan_send_finish(g)};
    const Received r = chan_recv_finish(g);
    return {g.case_taken, r.value, r.ok, nullptr};
  }
  const Sudog won = *g.param;
  for (std::uint16_t i = 0; i < g.case_count; ++i) {
    Sudog& s = g.cases[i];
    if (s.c == nullptr) continue;
    if (&s != g.param) {
      WaitQueue& q = s.sends ? s.c->sendq : s.c->recvq;
      if (s.prev != nullptr || q.first == &s) q.remove(&s);
    }
    if (!s.sends && s.c->timer != nullptr) timer_chan_unblock(*s.c);
  }
  FramePool::release(g.cases, g.case_count * sizeof(Sudog));
  g.cases = nullptr;
  if (won.sends) return {won.index, {}, true, won.success ? nullptr : "send on closed channel"};
  return {won.index, won.elem, won.success, nullptr};
}

}  // namespace gmpsim
