#include "scenarios/interpreter.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "scenarios/arrivals.hpp"
#include "sim/check.hpp"
#include "sim/random.hpp"

namespace gmpsim {

namespace {

constexpr std::uint32_t kStackLimit = 1'000'000'000;           // runtime: maxstacksize on 64-bit machines
constexpr std::uint64_t kNewDevices = std::uint64_t{1} << 32;  // entities of sockets made while running begin here

std::size_t counters_bytes(const CompiledProgram& p) { return (p.reachable_sites * sizeof(std::uint32_t) + 7) / 8 * 8; }

Frame* make_frame(void* memory, const CompiledProgram& p) {
  auto* f = ::new (memory) Frame;
  f->program = &p;
  std::uninitialized_fill_n(f->slots(), p.slots, Value{});
  return f;
}

// Deferred blocks that never ran, and a tuple that never arrived.
void release_pending(Frame& f) {
  if (f.program->leaving == kNone) return;
  Value* const pending = f.slots() + f.program->leaving;
  for (auto* d = pending[0].object<Deferred>(); d != nullptr;) {
    Deferred* const next = d->next;
    FramePool::release(d, Deferred::bytes(d->count));
    d = next;
  }
  if (pending[1].kind == ValueKind::tuple)
    FramePool::release(pending[1].object<Tuple>(), Tuple::bytes(pending[1].object<Tuple>()->count));
}

std::uint32_t stack_of(const CompiledProgram& p) {
  return static_cast<std::uint32_t>(std::min<std::int64_t>(p.frame > 0 ? p.frame : kFrameBytes, kStackLimit));
}

}  // namespace

// --- the loop

namespace {

// With `kWatched` somebody looks at the shared variables after every operation, or every access is recorded.
template <bool kWatched>
void execute_routine(Interpreter& in, World& w, G& g) {
  Routine& routine = *static_cast<Routine*>(g.body);
  Run run{in, w, g, routine, routine.top};
  in.run = &run;
  const Instr* pc = run.frame->pc;
  bool paid = std::exchange(run.frame->paid, false);
  do {
    if (pc->flags != 0 && !paid) {
      if ((pc->flags & Instr::kSafePoint) != 0 && w.safe_point(g)) {
        run.frame->pc = pc;
        break;
      }
      const Preemptible how = (pc->flags & Instr::kAsync) != 0 ? Preemptible::async_only : Preemptible::never;
      if ((pc->flags & Instr::kCosts) != 0 && !w.spend(g, w.cost(pc->cost), how)) {
        run.frame->pc = pc;
        run.frame->paid = true;
        break;
      }
    }
    paid = false;
    if constexpr (kWatched) in.at = pc;
    pc = pc->exec(run, pc);
    if constexpr (kWatched) {
      if (in.observe != nullptr) in.observe(in.observer);
    }
  } while (pc != nullptr);
  routine.top = run.frame;
}

}  // namespace

void resume_routine(World& w, G& g) {
  Interpreter& in = *static_cast<Interpreter*>(w.user);
  if (!in.watched) [[likely]]
    execute_routine<false>(in, w, g);
  else
    execute_routine<true>(in, w, g);
}

void drop_routine(World& /*w*/, G& g) {
  auto* routine = static_cast<Routine*>(g.body);
  Frame* f = routine->top;
  while (f != nullptr) {
    Frame* const caller = f->caller;
    release_pending(*f);
    if (caller != nullptr) FramePool::release(f, Frame::bytes(*f->program));
    f = caller;
  }
  FramePool::release(routine, routine->bytes);
}

Body Interpreter::make_body(std::uint32_t program, const Value* args, Time born) {
  const CompiledProgram& p = code->programs[program];
  const std::size_t counters = counters_bytes(p);
  const std::size_t bytes = sizeof(Routine) + counters + Frame::bytes(p);
  auto* routine = ::new (world->frames().allocate(bytes)) Routine;
  routine->born = born;
  routine->bytes = static_cast<std::uint32_t>(bytes);
  routine->stack = stack_of(p);
  std::uninitialized_fill_n(reinterpret_cast<char*>(routine->counters()), counters, 0);
  routine->top = make_frame(reinterpret_cast<char*>(routine->counters()) + counters, p);
  routine->top->pc = &code->code[p.first];
  routine->top->site_base = p.site_bases[program];
  std::copy_n(args, p.args, routine->top->slots());
  if (program == done_program_) ++done_alive_;
  return {resume_routine, drop_routine, routine, program};
}

namespace {
// What a timer keeps to start goroutines; the arguments stand behind it.
struct TimerStart {
  Interpreter* in;
  std::uint32_t program;
  std::uint32_t count;
  [[nodiscard]] Value* args() { return reinterpret_cast<Value*>(this + 1); }
  [[nodiscard]] static std::size_t bytes(std::uint32_t count) { return sizeof(TimerStart) + count * sizeof(Value); }
};
}  // namespace

namespace {

Body make_started(World& w, void* state) {
  auto* s = static_cast<TimerStart*>(state);
  return s->in->make_body(s->program, s->args(), w.now());
}

void drop_start(World& /*w*/, void* state) {
  auto* s = static_cast<TimerStart*>(state);
  FramePool::release(s, TimerStart::bytes(s->count));
}

}  // namespace

BodyFactory Interpreter::make_factory(std::uint32_t program, const Value* args) {
  const std::uint32_t count = code->programs[program].args;
  auto* start = ::new (world->frames().allocate(TimerStart::bytes(count))) TimerStart{this, program, count};
  std::copy_n(args, count, start->args());
  return {make_started, drop_start, start};
}

std::optional<Interpreter::Started> Interpreter::started_by(const Timer& t) const {
  if (t.factory == nullptr || t.factory->make != make_started || t.factory->state == nullptr) return std::nullopt;
  auto* const s = static_cast<TimerStart*>(t.factory->state);
  return Started{s->program, s->args(), s->count};
}

bool Interpreter::memory_left() {
  if (world->bytes_in_use() <= world->options().limits.bytes) [[likely]]
    return true;
  world->finish(End::limit, "memory: " + std::to_string(world->options().limits.bytes) + " bytes are in use");
  if (run != nullptr) (void)run->stop();
  return false;
}

// --- failures

const Instr* Run::fail(const Instr* at, std::string message, std::string hint) {
  fail_at(at->place, std::move(message), std::move(hint));
  return nullptr;
}

void Run::fail_at(std::uint32_t place, std::string message, std::string hint) {
  if (!in.error) in.error = std::make_unique<ScenarioError>(ScenarioError{std::move(message), std::move(hint), place});
  world.finish(End::fatal, in.error->message, g.id);
  (void)stop();
}

const Instr* Run::stop() {
  g.request = Request::burn;
  g.burn_left = kNever - world.now();
  g.burn_how = Preemptible::never;
  return nullptr;
}

const Instr* Run::fatal(const char* message) {
  world.panic(g, message, true);
  return nullptr;
}

const Instr* Run::panic(const Instr* at, const char* message) {
  return unwind(Leaving::panics, at, {}, in.add_message(message));
}
const Instr* Run::panic(const Instr* at, std::uint32_t message, Value v) {
  return unwind(Leaving::panics, at, v, message);
}

bool Run::count(const Operand& o, const Instr* at, std::int64_t& out) {
  if (!integer(o, at, out)) return false;
  if (out >= 0) return true;
  fail(at, "a count cannot be negative, but this is " + std::to_string(out));
  return false;
}

bool Run::wrong_kind(const Instr* at, ValueKind wanted, Value got) {
  fail(at, std::string(name_of(wanted)) + " is needed here, not " + name_of(got.kind));
  return false;
}

// --- values

bool Run::other_value(const Operand& o, Value& out) {
  switch (o.mode) {
    case Operand::Mode::shared:
      out = in.shared[o.index];
      if (in.env.watched) [[unlikely]]
        in.accessed(o.index, Access::atomic_read);
      return true;
    case Operand::Mode::resource: out = in.resources[o.index]; return true;
    case Operand::Mode::code: break;
    case Operand::Mode::sample: {
      const auto local = static_cast<std::uint32_t>(o.value);
      out = Value{in.code->samplers[o.index].quantile(world.chooser().draw(site(local)))};
      ++draws(local);
      return true;
    }
    default: out = {}; return true;
  }
  in.env.slots = slots();
  if (evaluate(&in.code->words[o.index], in.env, out)) [[likely]]
    return true;
  std::string text = in.env.failure;
  if (in.env.failure_kind != ValueKind::integer) text += std::string(", not ") + name_of(in.env.failure_kind);
  in.env.failure_kind = ValueKind::integer;
  fail_at(in.env.failure_place, std::move(text));
  return false;
}

Value* Run::cell(const Target& t) {
  if (t.mode == Target::Mode::slot) return &slots()[t.index];
  if (t.mode == Target::Mode::shared) return &in.shared[t.index];
  const Element& e = in.code->elements[t.index];
  Value index;
  if (!value(e.index, index)) return nullptr;
  if (!index.is_integer() || index.bits < 0 || index.bits >= static_cast<std::int64_t>(e.count)) {
    fail_at(e.place, "the index is out of range");
    return nullptr;
  }
  return &in.shared[e.first + static_cast<std::uint32_t>(index.bits)];
}

bool Run::load(const Target& t, Value& out) {
  out = {};
  if (t.mode == Target::Mode::none) return true;
  const Value* const from = cell(t);
  if (from == nullptr) return false;
  out = *from;
  if (in.env.watched) [[unlikely]]
    in.accessed(static_cast<std::uint32_t>(from - in.shared.data()), Access::read);
  return true;
}

// --- leaving calls

const Instr* Run::leave(Leaving why, Value v, std::uint32_t message) { return unwind(why, nullptr, v, message); }

const Instr* Run::leave_on() {
  const Value* const pending = slots() + frame->program->leaving;
  const auto state = static_cast<std::uint64_t>(pending[2].bits);
  return unwind(static_cast<Leaving>(state & 0xff), nullptr, pending[1], static_cast<std::uint32_t>(state >> 8));
}

// `at`: where the running call stands, to be searched for a landing; null: it is being left already.
const Instr* Run::unwind(Leaving why, const Instr* at, Value v, std::uint32_t message) {
  for (;;) {
    const CompiledProgram& p = *frame->program;
    if (at != nullptr) {
      const auto index = static_cast<std::uint32_t>(at - in.code->code.data());
      for (const Landing& l : p.landings) {
        if (index < l.begin || index >= l.end) continue;
        if (l.kind == Landing::Kind::attempt) {
          if (why != Leaving::panics) continue;
          in.caught = v;
          return &in.code->code[l.handler];
        }
        slots()[p.leaving + 1] = v;
        slots()[p.leaving + 2] = Value{
            static_cast<std::int64_t>(static_cast<std::uint64_t>(message) << 8 | static_cast<std::uint64_t>(why))};
        return &in.code->code[l.handler];
      }
    }
    if (p.leaving != kNone) {
      Value* const pending = slots() + p.leaving;
      if (auto* d = pending[0].object<Deferred>()) {
        pending[0] = d->next == nullptr ? Value{} : Value::reference(ValueKind::integer, d->next);
        pending[1] = v;
        pending[2] = Value{
            static_cast<std::int64_t>(static_cast<std::uint64_t>(message) << 8 | static_cast<std::uint64_t>(why))};
        const Instr* const block = d->block;
        for (std::uint32_t i = 0; i < d->count; ++i) slots()[in.code->targets[d->from->extra + i].index] = d->args()[i];
        FramePool::release(d, Deferred::bytes(d->count));
        return block;
      }
      pending[1] = {};  // what was pending is on its way
    }
    if (frame->caller == nullptr) {
      if (why == Leaving::panics) {
        world.panic(g, in.message(message));
        return nullptr;
      }
      discard(v);
      g.goexit = why == Leaving::goexit;
      world.exit(g);
      return nullptr;
    }
    pop_frame();
    const Instr* const call = frame->pc;
    if (why == Leaving::returns) {
      const bool nothing = v.is_nil();
      if (!store_all(call, {call->extra, call->count}, (call->flags & Instr::kList) != 0, v, nothing)) return nullptr;
      return call + 1;
    }
    at = call;
  }
}

void Run::pop_frame() {
  Frame* const f = frame;
  routine.stack -= stack_of(*f->program);
  frame = f->caller;
  FramePool::release(f, Frame::bytes(*f->program));
}

const Instr* Run::call(const Instr* at, std::uint32_t program, const Value* args) {
  const CompiledProgram& p = in.code->programs[program];
  const std::uint32_t stack = stack_of(p);
  if (routine.stack + stack > kStackLimit) return fatal("stack overflow");
  if (!in.memory_left()) return nullptr;
  Frame* const f = make_frame(world.frames().allocate(Frame::bytes(p)), p);
  std::copy_n(args, p.args, f->slots());
  f->caller = frame;
  f->site_base = in.code->programs[g.program].site_bases[program];
  routine.stack += stack;
  frame->pc = at;
  frame = f;
  const Instr* const first = &in.code->code[p.first];
  if (routine.stack <= kStackAtFirst) [[likely]]
    return first;
  return after(world.stack_grow(g, routine.stack), first);
}

// --- tuples

bool Run::several(ListRef values, bool is_list, Value& out) {
  const Operand* const operands = in.code->operands.data() + values.first;  // there may be none
  if (!is_list) return values.count == 0 ? (out = {}, true) : value(operands[0], out);
  if (!in.memory_left()) return false;
  auto* t = ::new (world.frames().allocate(Tuple::bytes(values.count))) Tuple;
  t->count = values.count;
  out = Value::reference(ValueKind::tuple, t);
  std::uninitialized_fill_n(t->values(), t->count, Value{});
  for (std::uint32_t i = 0; i < values.count; ++i) {
    if (!value(operands[i], t->values()[i])) {
      discard(out);
      return false;
    }
  }
  return true;
}

void Run::discard(Value v) {
  if (v.kind != ValueKind::tuple) return;
  auto* t = v.object<Tuple>();
  FramePool::release(t, Tuple::bytes(t->count));
}

bool Run::store_several(const Instr* at, ListRef names, bool is_list, Value v, bool zeros) {
  if (names.count == 0) {
    discard(v);
    return true;
  }
  const Target* const targets = &in.code->targets[names.first];
  if (v.kind != ValueKind::tuple) {
    if (is_list && names.count != 1 && !zeros) {
      fail(at, "one value for " + std::to_string(names.count) + " names");
      return false;
    }
    for (std::uint32_t i = 0; i < names.count; ++i)
      if (!store(targets[i], v)) return false;
    return true;
  }
  auto* t = v.object<Tuple>();
  bool good = true;
  if (t->count != names.count) {
    fail(at, std::to_string(t->count) + (t->count == 1 ? " value for " : " values for ") + std::to_string(names.count) +
                 (names.count == 1 ? " name" : " names"));
    good = false;
  }
  for (std::uint32_t i = 0; good && i < names.count; ++i) good = store(targets[i], t->values()[i]);
  discard(v);
  return good;
}

Site Run::site(std::uint32_t local) const {
  const CompiledProgram& root = in.code->programs[g.program];
  return {in.code->streams[frame->program->first_site + local], mix64(root.key, g.ordinal), draws(local)};
}

// --- instructions that belong to no verb

const Instr* exec_jump(Run& /*r*/, const Instr* i) { return i + i->jump; }
// The prologue of a program with a large frame. Whoever called it has seen to it already; a goroutine that begins here not.
const Instr* exec_prologue(Run& r, const Instr* i) { return r.after(r.world.stack_grow(r.g, r.routine.stack), i + 1); }
const Instr* exec_nothing(Run& /*r*/, const Instr* i) { return i + 1; }
const Instr* exec_return_end(Run& r, const Instr* /*i*/) { return r.leave(Leaving::returns, {}, 0); }

const Instr* exec_resume_leaving(Run& r, const Instr* i) {
  // Behind the clean-up of a `once` the search goes on outwards from here; behind a deferred block the next one
  // follows.
  if (i->count == 0) return r.leave_on();
  const Value* const pending = r.slots() + r.frame->program->leaving;
  const auto state = static_cast<std::uint64_t>(pending[2].bits);
  return r.unwind_from(static_cast<Leaving>(state & 0xff), i, pending[1], static_cast<std::uint32_t>(state >> 8));
}

// --- the world's objects

Interpreter::Interpreter(std::shared_ptr<const CompiledScenario> compiled)
    : code(std::move(compiled)), operands(code->operands.data()), targets(code->targets.data()) {}
Interpreter::~Interpreter() = default;

void Interpreter::set_up(World& w) {
  world = &w;
  w.user = this;
  resources.assign(code->resources.size(), {});
  shared = code->shared_init;
  env.shared = shared.data();
  env.resources = resources.data();
  env.host = this;
  if (w.options().happens_before) name_variables(w);
  const Scenario& s = *code->scenario;
  w.stack_used = [](const G& g) {
    const bool ours = g.resume == &resume_routine;  // the runtime has goroutines of its own
    return ours ? std::int64_t{static_cast<const Routine*>(g.body)->stack} : kFrameBytes;
  };
  for (const Resource& r : s.resources) {
    if (r.type != ResourceType::heap) continue;
    HeapOptions heap;
    heap.gogc = r.gogc;
    heap.memory_limit = r.memory_limit.value_or(kNoBytes);
    heap.initial_live = r.initial_live;
    heap.trigger = r.trigger.value_or(0);
    heap.largest_object = r.largest_object.value_or(0);
    heap.full_spans = r.full_spans.value_or(0);
    w.make_heap(heap);
  }
  // A cond needs its mutex, which may be declared after it.
  for (const bool conds : {false, true}) {
    for (std::uint32_t i = 0; i < resources.size(); ++i) {
      const ResourceCell& cell = code->resources[i];
      if (cell.is_template || (cell.type == ResourceType::cond) != conds) continue;
      if (cell.type == ResourceType::context)
        make_context(i);
      else
        resources[i] = make(cell, i + 1);
      const Resource& r = s.resources[cell.declared];
      if (r.type == ResourceType::ticker) w.start_timer_at_boot(*resources[i].object<Timer>(), r.period, r.period);
      if (r.type == ResourceType::timer && r.after) w.start_timer_at_boot(*resources[i].object<Timer>(), *r.after, 0);
    }
  }
  for (std::uint32_t p = 0; p < code->programs.size(); ++p)
    if (code->programs[p].name == s.stop.when_done) done_program_ = p;
  for (std::uint32_t l = 1; l < code->labels.size(); ++l)
    if (code->labels[l] == s.stop.when_done_mark) done_mark_ = l;
  begin_phases();
  begin_samples();
  start_all();
  if (arrivals_ != nullptr || done_program_ != kNone)  // else nobody waits for an end
    w.on_exit = [](World& world, G& g) { static_cast<Interpreter*>(world.user)->ended(g); };
}

// A context needs its parent, which may be declared after it.
void Interpreter::make_context(std::uint32_t index) {
  std::vector<std::uint32_t> ancestors;
  for (std::uint32_t i = index; i != kNone && resources[i].is_nil(); i = code->resources[i].parent)
    ancestors.push_back(i);
  for (auto i = ancestors.rbegin(); i != ancestors.rend(); ++i) resources[*i] = make(code->resources[*i], *i + 1);
}

// False: a scenario error, which has been noted.
bool Interpreter::outside_args(ListRef list, std::int64_t n, std::vector<Value>& args) {
  const Value index{n};
  env.slots = &index;
  args.assign(list.count, {});
  for (std::uint32_t a = 0; a < list.count; ++a) {
    const Operand& o = code->operands[list.first + a];
    switch (o.mode) {
      case Operand::Mode::constant: args[a] = Value{o.value}; break;
      case Operand::Mode::slot: args[a] = index; break;
      case Operand::Mode::shared: args[a] = shared[o.index]; break;
      case Operand::Mode::resource: args[a] = resources[o.index]; break;
      case Operand::Mode::code:
        if (evaluate(&code->words[o.index], env, args[a])) break;
        error = std::make_unique<ScenarioError>(ScenarioError{env.failure, {}, env.failure_place});
        return false;
      default: break;
    }
  }
  return true;
}

void Interpreter::start_all() {
  outside_entity_ = 0;
  std::vector<Value> args;
  for (const CompiledStart& start : code->starts) {
    for (std::int64_t n = 0; n < start.count; ++n, ++outside_entity_) {
      if (!outside_args(start.args, n, args) || !memory_left()) return;
      if (outside_entity_ >= world->options().limits.goroutines) {
        world->finish(End::limit, std::to_string(world->options().limits.goroutines) + " goroutines");
        return;
      }
      world->start_goroutine(make_body(start.program, args.data(), start.at), start.at);
    }
  }
  if (code->arrivals.empty()) return;
  arrivals_ = std::make_unique<Arrivals>(*this, *world);
  arrivals_->begin();
  if (code->starts.empty() && !arrivals_->more()) world->finish(End::done);
}

// Samples for whoever reads the trace. They look and change nothing.
void Interpreter::begin_samples() {
  const std::optional<Duration> every = code->scenario->metrics.sample_every;
  if (!every) return;
  sample_process_ = world->engine().add_process(
      [](void* self) {
        auto& in = *static_cast<Interpreter*>(self);
        World& w = *in.world;
        w.recorder().write(
            {w.now(), Kind::sched_sample, 0, kNoP, kNoG, kNoM, 0, static_cast<std::int64_t>(w.goroutines_runnable())});
        const Duration every = *in.code->scenario->metrics.sample_every;
        if (every < kNever - w.now()) w.engine().arm(in.sample_process_, w.now() + every);
      },
      this, Phase::monitor);
  world->engine().arm(sample_process_, 0);
}

std::uint32_t Interpreter::arrive(const CompiledArrival& a, std::int64_t n, std::int64_t index, Time born) {
  run = nullptr;  // whoever ran last has given its thread back
  std::vector<Value> args;
  std::vector<Body> bodies;
  constexpr int kStarts = 40;  // numbers of starts lie below
  const auto stream = static_cast<std::uint64_t>(&a - code->arrivals.data()) + 1;
  for (std::int64_t i = 0; i < n && world->outcome().end == End::none; ++i) {
    outside_entity_ = (stream << kStarts) + static_cast<std::uint64_t>(index + i);
    const bool good = outside_args(a.args, index + i, args);
    if (!good) world->finish(End::fatal, error->message);
    if (good && memory_left()) bodies.push_back(make_body(a.program, args.data(), born));
  }
  // Those that have a body enter also when the run ends here: the world frees them.
  const std::uint32_t first = world->enter_from_outside(bodies);
  return world->outcome().end == End::none ? first : kNoG;
}

void Interpreter::ended(const G& g) {
  if (arrivals_ != nullptr) arrivals_->ended(g.id);
  if (g.program != done_program_ || --done_alive_ > 0) return;
  if (arrivals_ == nullptr || !arrivals_->more(done_program_)) world->finish(End::done);
}

// Phases follow one another from the start; behind the last nothing is measured.
void Interpreter::begin_phases() {
  if (code->phase_labels.empty()) return;
  phase_process_ = world->engine().add_process(
      [](void* self) {
        auto& in = *static_cast<Interpreter*>(self);
        const std::vector<RunPhase>& phases = in.code->scenario->phases;
        World& w = *in.world;
        const bool last = in.phase_ == phases.size();
        const std::uint32_t label = last ? 0 : in.code->phase_labels[in.phase_];
        const bool measured = !last && phases[in.phase_].measure;
        w.recorder().write(
            {w.now(), Kind::phase, static_cast<std::uint8_t>(measured ? 1 : 0), kNoP, kNoG, kNoM, label, 0});
        if (last) return;
        const Duration length = phases[in.phase_++].length;
        if (length < kNever - w.now()) w.engine().arm(in.phase_process_, w.now() + length);
      },
      this, Phase::world);
  world->engine().arm(phase_process_, 0);
}

bool Interpreter::marked(std::uint32_t label) {
  if (label != done_mark_) return true;
  world->finish(End::done);
  return false;
}

Value Interpreter::make(const ResourceCell& cell, std::uint32_t object) {
  const Resource& r = code->scenario->resources[cell.declared];
  switch (cell.type) {
    case ResourceType::chan: {
      Chan* const c = world->make_chan(static_cast<std::size_t>(r.cap), object);
      for (const std::int64_t v : r.init) c->push({v, 0});
      return Value::reference(ValueKind::chan, c);
    }
    case ResourceType::mutex:
      if (r.kind == "runtime") return Value::reference(ValueKind::runtime_mutex, world->make_runtime_mutex(object));
      return Value::reference(ValueKind::mutex, world->make_mutex(object));
    case ResourceType::rwmutex: return Value::reference(ValueKind::rwmutex, world->make_rwmutex(object));
    case ResourceType::waitgroup:
      return Value::reference(ValueKind::wait_group, world->make_wait_group(r.init.empty() ? 0 : r.init[0], object));
    case ResourceType::once: return Value::reference(ValueKind::once, world->make_once(object));
    case ResourceType::pool: return Value::reference(ValueKind::pool, world->make_pool(object));
    case ResourceType::semaphore:
      return Value::reference(ValueKind::semaphore, r.kind == "runtime" ? world->make_runtime_semaphore(r.count, object)
                                                                        : world->make_semaphore(r.count, object));
    case ResourceType::ticker:
    case ResourceType::timer: return Value::reference(ValueKind::timer, world->make_timer(true, object));
    case ResourceType::cond: {
      Mutex* mutex = nullptr;
      for (std::uint32_t i = 0; i < resources.size(); ++i) {
        const ResourceCell& m = code->resources[i];
        const Resource& declared = code->scenario->resources[m.declared];
        if (declared.name == r.mutex && (m.element == cell.element || !declared.array))
          mutex = resources[i].object<Mutex>();
      }
      return Value::reference(ValueKind::cond, world->make_cond(mutex, object));
    }
    case ResourceType::socket:
    case ResourceType::file: {
      const Device::Type type = cell.type == ResourceType::file ? Device::Type::file
                                : r.every                       ? Device::Type::events
                                                                : Device::Type::answers;
      const std::uint64_t entity = object != 0 ? cell.element : kNewDevices + made_;
      return Value::reference(ValueKind::device,
                              world->make_device(type, code->samplers[cell.timing], cell.stream, entity, object));
    }
    case ResourceType::cgo_lib:
      return Value::reference(ValueKind::library, world->make_library(static_cast<std::uint32_t>(r.count), object));
    case ResourceType::context: {
      CancelCtx* const parent = cell.parent == kNone ? nullptr : resources[cell.parent].object<CancelCtx>();
      return Value::reference(ValueKind::context,
                              world->make_context_at_boot(parent, r.timeout.value_or(kNever), object));
    }
    default: return {};
  }
}

std::uint32_t Interpreter::add_message(std::string text) {
  // The runtime has few texts; a program that panics in a loop must not fill the memory with them.
  for (std::uint32_t i = 0; i < messages_.size(); ++i)
    if (messages_[i] == text) return static_cast<std::uint32_t>(code->labels.size()) + i;
  messages_.push_back(std::move(text));
  return static_cast<std::uint32_t>(code->labels.size() + messages_.size() - 1);
}

Timer* Interpreter::take_after_timer() {
  // A retired one is used again when it can fire no more. Since 1.23 nobody waiting is enough: it is in no structure
  // then.
  for (std::size_t tries = std::min<std::size_t>(retired_.size(), 4); tries > 0; --tries) {
    Timer* const t = retired_.front();
    retired_.pop_front();
    if (!t->held && (!t->active || (world->settings().channel_timers_lazy && t->blocked == 0))) {
      t->active = false;
      while (t->chan->count > 0) t->chan->pop();
      return t;
    }
    retired_.push_back(t);
  }
  return world->make_timer(true);
}

std::uint32_t Interpreter::object_of(Value v) const {
  switch (v.kind) {
    case ValueKind::chan: return v.object<Chan>()->object;
    case ValueKind::mutex: return v.object<Mutex>()->object;
    case ValueKind::runtime_mutex: return v.object<RuntimeMutex>()->object;
    case ValueKind::rwmutex: return v.object<RWMutex>()->object;
    case ValueKind::wait_group: return v.object<WaitGroup>()->object;
    case ValueKind::cond: return v.object<Cond>()->object;
    case ValueKind::once: return v.object<Once>()->object;
    case ValueKind::semaphore: return v.object<Semaphore>()->object;
    case ValueKind::pool: return v.object<SyncPool>()->object;
    case ValueKind::timer: return v.object<Timer>()->object;
    case ValueKind::context: return v.object<CancelCtx>()->object;
    case ValueKind::device: return v.object<Device>()->object;
    case ValueKind::library: return v.object<CLibrary>()->object;
    default: return 0;
  }
}

}  // namespace gmpsim
