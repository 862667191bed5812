#include "scenarios/wakes.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "models/go/context.hpp"
#include "models/go/world.hpp"
#include "scenarios/arrivals.hpp"
#include "scenarios/interpreter.hpp"
#include "scenarios/remaining.hpp"

namespace gmpsim {
namespace {

constexpr std::uint32_t bit(WaitReason r) { return std::uint32_t{1} << static_cast<unsigned>(r); }

constexpr std::uint32_t kAnyAct = ~std::uint32_t{0};  // by whoever has a reference

// Waits that only another goroutine's act on the object ends.
constexpr std::uint32_t kForObjects =
    bit(WaitReason::chan_receive) | bit(WaitReason::chan_send) | bit(WaitReason::mutex_lock) |
    bit(WaitReason::rwmutex_rlock) | bit(WaitReason::rwmutex_lock) | bit(WaitReason::wait_group) |
    bit(WaitReason::cond_wait) | bit(WaitReason::semacquire) | bit(WaitReason::select);
constexpr std::uint32_t kForEver =
    bit(WaitReason::chan_receive_nil) | bit(WaitReason::chan_send_nil) | bit(WaitReason::select_no_cases);

bool is_pending(const Chan& c) { return c.timer != nullptr && c.timer->active; }

}  // namespace

struct Wakes::Search {
  struct Waiter {
    std::uint32_t g = 0;
    std::uint32_t acts = 0;  // bits of what would wake it
  };
  struct Act {
    std::uint32_t object = 0;
    std::uint32_t acts = 0;
  };
  /// What lies ahead of one place, with the uses of names in it: shared by all goroutines that stand there.
  struct Place {
    Ahead ahead;
    std::vector<std::uint32_t> own;    // uses in operations of this program
    std::vector<std::uint32_t> other;  // uses in programs that it calls or starts, directly or not
    std::vector<const NameUse*> once;  // onces that it is in the middle of
  };

  const Interpreter& in;
  const CompiledScenario& code;
  World& world;
  Remaining flow;
  std::unordered_map<const Node*, std::vector<std::uint32_t>> uses_of;  // never walked
  std::map<std::pair<std::uint32_t, int>, Place> places;                // by instruction
  std::unordered_map<std::uint32_t, std::vector<Waiter>> waiters;       // by object; never walked
  std::unordered_map<std::uint32_t, std::uint32_t> acted;               // by object; never walked
  std::unordered_map<std::uint32_t, const CancelCtx*> contexts;         // by object; never walked
  std::vector<const G*> goroutines;                                     // by number
  std::vector<bool> live;
  std::vector<bool> unknown;
  std::vector<bool> shared_seen;
  bool outside_seen = false;
  std::vector<std::uint32_t> todo;  // goroutines that have become live
  std::vector<Act> acts;            // to be handed to waiters
  std::vector<Value> values;        // references that a live goroutine has

  Search(const Interpreter& interpreter, Reach reach)
      : in(interpreter), code(*interpreter.code), world(*interpreter.world), flow(code) {
    for (std::uint32_t u = 0; u < code.uses.size(); ++u)
      if (code.uses[u].op != nullptr) uses_of[code.uses[u].op].push_back(u);
    shared_seen.resize(in.shared.size());
    for (const G* g = world.first_goroutine(); g != nullptr; g = g->allnext) enter(*g);
    if (reach == Reach::memory) {
      values = in.resources;
      values.insert(values.end(), in.shared.begin(), in.shared.end());
    }
    if (world.starts_to_come() > 0 || (in.arrivals() != nullptr && in.arrivals()->more())) outside();
    for (const Timer& t : world.timers())
      if (t.active && t.does == Timer::Does::start) started_by(t);
    settle();
  }

  /// A timer that will start goroutines, or that somebody may set to do so.
  void started_by(const Timer& t) {
    const auto start = in.started_by(t);
    if (!start) return;
    for (std::uint32_t i = 0; i < start->count; ++i) values.push_back(start->args[i]);
    std::vector<bool> seen(code.programs.size());
    std::vector<std::uint32_t> all;
    close(start->program, seen, all);
    for (const std::uint32_t u : all) use(code.uses[u], nullptr);
  }

  void enter(const G& g) {
    if (g.system) return;  // their numbers lie far above all others
    if (g.id >= goroutines.size()) {
      goroutines.resize(g.id + 1);
      live.resize(g.id + 1);
      unknown.resize(g.id + 1);
    }
    goroutines[g.id] = &g;
    const std::uint32_t reason = bit(g.wait_reason);
    if (g.status == GStatus::waiting && (reason & kForEver) != 0) return;
    if (g.status == GStatus::waiting && (reason & kForObjects) != 0) return wait(g);
    awake(g.id);  // it runs, or waits for time or the outside
  }

  void wait(const G& g) {
    if (g.wait_reason == WaitReason::select && g.cases != nullptr) {
      for (std::uint16_t i = 0; i < g.case_count; ++i) {
        const Sudog& s = g.cases[i];
        if (s.c == nullptr) continue;
        if (!s.sends && is_pending(*s.c)) return awake(g.id);
        wait_for(g, s.c->object, bit(s.sends ? WaitReason::chan_send : WaitReason::chan_receive));
      }
      return;
    }
    if (g.wait_reason == WaitReason::chan_receive && g.sudog.c != nullptr && is_pending(*g.sudog.c)) return awake(g.id);
    if (g.waiting_on == 0) {
      unknown[g.id] = true;
      return;
    }
    // A weighted semaphore blocks in a select of its own (golang.org/x/sync/semaphore).
    wait_for(g, g.waiting_on, bit(g.wait_reason == WaitReason::select ? WaitReason::semacquire : g.wait_reason));
  }

  void wait_for(const G& g, std::uint32_t object, std::uint32_t acts_wanted) {
    const CancelCtx* const context = context_of(object);
    if (context == nullptr) return waiters[object].push_back({g.id, acts_wanted});
    // A context ends by its deadline, by `cancel`, or with one that it was made under.
    if (context->err == ContextErr::none && context->deadline != kNever) return awake(g.id);
    for (const CancelCtx* c = context; c != nullptr; c = c->parent) waiters[c->object].push_back({g.id, acts_wanted});
  }

  const CancelCtx* context_of(std::uint32_t object) {
    if (object_kind(world.info(), object) != ObjectKind::context) return nullptr;
    if (contexts.empty())
      for (const CancelCtx& c : world.contexts()) contexts.emplace(c.object, &c);
    const auto found = contexts.find(object);
    return found == contexts.end() ? nullptr : found->second;
  }

  void awake(std::uint32_t g) {
    if (live[g]) return;
    live[g] = true;
    todo.push_back(g);
  }

  void settle() {
    while (!todo.empty() || !values.empty() || !acts.empty()) {
      if (!acts.empty()) {
        const Act a = acts.back();
        acts.pop_back();
        act(a);
      } else if (!values.empty()) {
        const Value v = values.back();
        values.pop_back();
        reach(v);
      } else {
        const std::uint32_t g = todo.back();
        todo.pop_back();
        can_act(*goroutines[g]);
      }
    }
  }

  void act(const Act& a) {
    std::uint32_t& known = acted[a.object];
    if ((known | a.acts) == known) return;
    known |= a.acts;
    const auto found = waiters.find(a.object);
    if (found == waiters.end()) return;
    std::vector<Waiter>& all = found->second;
    std::erase_if(all, [&](const Waiter& w) {
      if ((w.acts & known) == 0) return false;
      awake(w.g);
      return true;
    });
  }

  /// Somebody who can act has this reference.
  void reach(const Value& v) {
    if (v.is_integer()) return;
    if (v.kind == ValueKind::tuple) {
      auto* const t = v.object<Tuple>();
      for (std::uint64_t i = 0; i < t->count; ++i) values.push_back(t->values()[i]);
      return;
    }
    const std::uint32_t object = in.object_of(v);
    const auto known = acted.find(object);
    if (known != acted.end() && known->second == kAnyAct) return;
    acts.push_back({object, kAnyAct});
    if (v.kind == ValueKind::cond && v.object<Cond>()->m != nullptr)
      acts.push_back({v.object<Cond>()->m->object, bit(WaitReason::mutex_lock)});
    if (v.kind == ValueKind::timer) started_by(*v.object<Timer>());
    if (v.kind != ValueKind::chan) return;
    // What is on its way through the channel may be received.
    const Chan& c = *v.object<Chan>();
    for (std::size_t i = 0; i < c.count; ++i) on_its_way(c.ring[(c.head + i) % c.ring.size()]);
    for (const Sudog* s = c.sendq.first; s != nullptr; s = s->next) on_its_way(s->elem);
  }

  void on_its_way(const Payload& p) { values.push_back({static_cast<ValueKind>(p.tag), p.bits}); }

  void can_act(const G& g) {
    if (in.arrivals() != nullptr && in.arrivals()->user_waits_for(g.id)) outside();
    if (g.resume != resume_routine) return;  // a goroutine in C++: nothing is known of it
    const Frame* f = static_cast<const Routine*>(g.body)->top;
    bool returns = frame(*f, false);
    for (f = f->caller; f != nullptr && returns; f = f->caller) returns = frame(*f, true);
  }

  bool frame(const Frame& f, bool under_way) {
    auto* const slots = const_cast<Frame&>(f).slots();
    const Place& p = place(*f.pc, under_way);
    uses(p, slots);
    if (f.program->leaving == kNone) return p.ahead.returns;
    const Value* const pending = slots + f.program->leaving;
    if (pending[1].kind == ValueKind::tuple) values.push_back(pending[1]);
    for (auto* d = pending[0].object<Deferred>(); d != nullptr; d = d->next) {
      for (std::uint32_t i = 0; i < d->count; ++i) values.push_back(d->args()[i]);
      uses(deferred(*d->from), slots);
    }
    return p.ahead.returns;
  }

  const Place& place(const Instr& i, bool under_way) {
    const auto number = static_cast<std::uint32_t>(&i - code.code.data());
    const auto [at, fresh] = places.try_emplace({number, under_way ? 1 : 0});
    if (fresh) {
      const Node* const op = code.places[i.place].node;
      const bool begun = number > 0 && flow.within(code.places[code.code[number - 1].place].node, op);
      const auto where = under_way ? Remaining::At::end : begun ? Remaining::At::inside : Remaining::At::begin;
      at->second.ahead = flow.from(op, where);
      fill(at->second);
    }
    return at->second;
  }

  const Place& deferred(const Instr& i) {
    const auto number = static_cast<std::uint32_t>(&i - code.code.data());
    const auto [at, fresh] = places.try_emplace({number, 2});
    if (fresh) {
      at->second.ahead = flow.deferred(code.places[i.place].node);
      fill(at->second);
    }
    return at->second;
  }

  void fill(Place& p) {
    for (const Node* op : p.ahead.ops)
      if (const auto found = uses_of.find(op); found != uses_of.end())
        p.own.insert(p.own.end(), found->second.begin(), found->second.end());
    for (const Node* op : p.ahead.inside) {
      if (op->find("once") == nullptr) continue;
      if (const auto found = uses_of.find(op); found != uses_of.end())
        for (const std::uint32_t u : found->second) p.once.push_back(&code.uses[u]);
    }
    std::vector<bool> seen(code.programs.size());
    for (const std::uint32_t program : p.ahead.programs) close(program, seen, p.other);
    std::sort(p.other.begin(), p.other.end());
    p.other.erase(std::unique(p.other.begin(), p.other.end()), p.other.end());
  }

  /// Uses in a program and in all that it calls or starts.
  void close(std::uint32_t program, std::vector<bool>& seen, std::vector<std::uint32_t>& out) {
    std::vector<std::uint32_t> left{program};
    while (!left.empty()) {
      const std::uint32_t at = left.back();
      left.pop_back();
      if (seen[at]) continue;
      seen[at] = true;
      const Ahead& whole = flow.whole(at);
      for (const Node* op : whole.ops)
        if (const auto found = uses_of.find(op); found != uses_of.end())
          out.insert(out.end(), found->second.begin(), found->second.end());
      left.insert(left.end(), whole.programs.begin(), whole.programs.end());
    }
  }

  void uses(const Place& p, const Value* slots) {
    for (const std::uint32_t u : p.own) use(code.uses[u], slots);
    for (const std::uint32_t u : p.other) use(code.uses[u], nullptr);  // their variables come from arguments: ours
    // Whoever is in the middle of a once ends the waits of the others when it is done.
    for (const NameUse* u : p.once) {
      if (u->kind == NameUse::Kind::slot)
        values.push_back(slots[u->index]);
      else if (u->kind == NameUse::Kind::resource)
        for (std::uint32_t i = 0; i < u->count; ++i) values.push_back(in.resources[u->index + i]);
    }
  }

  void use(const NameUse& u, const Value* slots) {
    const bool is_once = u.op != nullptr && u.op->find("once") != nullptr;
    switch (u.kind) {
      case NameUse::Kind::slot:
        if (slots != nullptr && !is_once) values.push_back(slots[u.index]);
        break;
      case NameUse::Kind::shared:
        for (std::uint32_t i = u.index; i < u.index + u.count && i < in.shared.size(); ++i) {
          if (shared_seen[i]) continue;
          shared_seen[i] = true;
          values.push_back(in.shared[i]);
        }
        break;
      case NameUse::Kind::resource:
        for (std::uint32_t i = u.index; i < u.index + u.count && i < in.resources.size(); ++i) {
          const Value v = in.resources[i];
          if (u.passed_on) {
            values.push_back(v);
          } else if (v.kind == ValueKind::cond && (u.wakes & bit(WaitReason::mutex_lock)) != 0) {
            if (v.object<Cond>()->m != nullptr)
              acts.push_back({v.object<Cond>()->m->object, bit(WaitReason::mutex_lock)});
          } else if (u.wakes != 0 && !is_once) {
            acts.push_back({in.object_of(v), u.wakes});
            // What was sent on a channel that somebody receives from becomes that goroutine's.
            if ((u.wakes & bit(WaitReason::chan_send)) != 0 && v.kind == ValueKind::chan) received(*v.object<Chan>());
          }
        }
        break;
    }
  }

  void received(const Chan& c) {
    for (std::size_t i = 0; i < c.count; ++i) on_its_way(c.ring[(c.head + i) % c.ring.size()]);
    for (const Sudog* s = c.sendq.first; s != nullptr; s = s->next) on_its_way(s->elem);
  }

  /// Goroutines that enter later: what their arguments name, and all that their programs may do.
  void outside() {
    if (std::exchange(outside_seen, true)) return;
    for (const NameUse& u : code.uses)
      if (u.op == nullptr && u.kind != NameUse::Kind::slot) use(u, nullptr);
    std::vector<bool> seen(code.programs.size());
    std::vector<std::uint32_t> all;
    for (const CompiledStart& s : code.starts)
      if (s.at >= world.now()) close(s.program, seen, all);
    for (const CompiledArrival& a : code.arrivals) close(a.program, seen, all);
    for (const std::uint32_t u : all) use(code.uses[u], nullptr);
  }
};

Wakes::Wakes(const Interpreter& interpreter, Reach reach) : interpreter_(interpreter), reach_(reach) {}
Wakes::~Wakes() = default;

std::optional<bool> Wakes::may_be_woken(std::uint32_t g) const {
  if (search_ == nullptr) search_ = std::make_unique<Search>(interpreter_, reach_);
  if (g >= search_->goroutines.size() || search_->goroutines[g] == nullptr) return std::nullopt;
  if (search_->unknown[g]) return std::nullopt;
  return search_->live[g];
}

}  // namespace gmpsim
