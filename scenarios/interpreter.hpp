#pragma once
// Executes compiled programs: the body of a goroutine as plain data.
//
// A goroutine is a Routine with its outermost Frame in one block of the world's pool; a call adds a frame. The loop
// pays what an instruction costs, calls its function, and goes on with what that answers; it returns to the model when
// the clock cannot advance in place, when the goroutine waits or when it has ended. Where it goes on stands in the
// frame, so "what happened meanwhile" needs no state of its own: an operation that can wait is two instructions, the
// second of which takes the result.
//
// Leaving a call early (return, panic, Goexit) with deferred blocks pending is itself interpreted: the pending end
// stands in three slots of the frame, each deferred block ends with an instruction that takes the next one. A panic
// looks for its landing by the position at which each frame stands, so `try` costs nothing until something panics.
//
// Rejected: a coroutine per goroutine (500 bytes instead of 100; no look at its state), exceptions for panics.
// Invariants: an instruction that fails with a scenario error ends the run at that instant; the loop always comes to an
// end, because every way back to an instruction costs at least a step.

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/go/world.hpp"
#include "scenarios/expression.hpp"
#include "scenarios/program.hpp"

namespace gmpsim {

class Arrivals;
class Interpreter;

/// Variables and position of one call.
struct Frame {
  const Instr* pc = nullptr;  ///< where it goes on; while a call runs: the calling instruction
  Frame* caller = nullptr;
  const CompiledProgram* program = nullptr;
  std::uint32_t site_base = 0;  ///< where its counters of random sites begin
  bool paid = false;            ///< the cost of `pc` has been paid

  [[nodiscard]] Value* slots() { return reinterpret_cast<Value*>(this + 1); }
  [[nodiscard]] static std::size_t bytes(const CompiledProgram& p) { return sizeof(Frame) + p.slots * sizeof(Value); }
};

/// What a goroutine is to the interpreter. Behind it stand its counters of draws and its outermost frame.
struct Routine {
  Frame* top = nullptr;
  Time born = 0;            ///< since when its spans count with `since: arrival`
  std::uint32_t bytes = 0;  ///< of the block
  std::uint32_t stack = 0;  ///< bytes of simulated stack in use

  [[nodiscard]] std::uint32_t* counters() { return reinterpret_cast<std::uint32_t*>(this + 1); }
};

/// A deferred block that waits for its call to end.
struct Deferred {
  Deferred* next = nullptr;
  const Instr* block = nullptr;
  const Instr* from = nullptr;  ///< the `defer`: says where the arguments go
  std::uint32_t count = 0;
  [[nodiscard]] Value* args() { return reinterpret_cast<Value*>(this + 1); }
  [[nodiscard]] static std::size_t bytes(std::uint32_t count) { return sizeof(Deferred) + count * sizeof(Value); }
};

/// Several values on their way through a channel or out of a call.
struct Tuple {
  std::uint64_t count = 0;
  std::uint64_t padding = 0;
  [[nodiscard]] Value* values() { return reinterpret_cast<Value*>(this + 1); }
  [[nodiscard]] static std::size_t bytes(std::uint64_t count) { return sizeof(Tuple) + count * sizeof(Value); }
};

/// Why a call is being left.
enum class Leaving : std::uint8_t { no, returns, panics, goexit };

/// An error of the scenario met while running: division by zero, an operand of the wrong kind, … The run ends there.
struct ScenarioError {
  std::string message;
  std::string hint;
  std::uint32_t place = 0;  ///< in CompiledScenario::places
};

/// One goroutine while it executes.
struct Run {
  Interpreter& in;
  World& world;
  G& g;
  Routine& routine;
  Frame* frame;

  [[nodiscard]] Value* slots() const { return frame->slots(); }

  /// The value of an operand. False: a scenario error has ended the run; return null.
  [[nodiscard]] bool value(const Operand& o, Value& out);
  /// The same where an integer is needed.
  [[nodiscard]] bool integer(const Operand& o, const Instr* at, std::int64_t& out);
  /// A count: not negative.
  [[nodiscard]] bool count(const Operand& o, const Instr* at, std::int64_t& out);
  /// A reference of kind `kind`, or nil (out == nullptr).
  template <class T>
  [[nodiscard]] bool reference(const Operand& o, const Instr* at, ValueKind kind, T*& out);
  /// Stores a value. False as above (an index out of range).
  [[nodiscard]] bool store(const Target& t, Value v);
  /// The same for a shared variable, in that way.
  [[nodiscard]] bool store_shared(const Target& t, Value v, Access how);
  /// A plain load of what `store` writes.
  [[nodiscard]] bool load(const Target& t, Value& out);
  /// One value, or a tuple of several that the receiver owns.
  [[nodiscard]] bool tuple(ListRef values, bool is_list, Value& out);
  /// Takes a tuple apart into as many names. `zeros`: there was nothing to take (a closed channel).
  [[nodiscard]] bool store_all(const Instr* at, ListRef names, bool is_list, Value v, bool zeros);
  /// Gives back what nobody takes.
  void discard(Value v);

  /// Leave the thread; `next` is executed when the goroutine is continued.
  const Instr* wait(const Instr* next) {
    frame->pc = next;
    return nullptr;
  }
  /// `next` at once when the operation is complete, else when the goroutine is continued.
  const Instr* after(Step step, const Instr* next) { return step == Step::done ? next : wait(next); }
  /// The run is over: nothing is continued. Always null.
  const Instr* stop();
  /// Ends the run with a scenario error at `at`.
  const Instr* fail(const Instr* at, std::string message, std::string hint = {});
  void fail_at(std::uint32_t place, std::string message, std::string hint = {});
  /// A panic of this goroutine at `at`: the next instruction is its landing or a deferred block.
  const Instr* panic(const Instr* at, std::uint32_t message, Value v = {});
  const Instr* panic(const Instr* at, const char* message);
  /// A fatal error: the run ends, nothing is deferred.
  const Instr* fatal(const char* message);
  /// Leaves the running call.
  const Instr* leave(Leaving why, Value v, std::uint32_t message);
  /// Continues to leave it: the next deferred block, or the caller.
  const Instr* leave_on();
  /// The same for a panic or Goexit that has cleaned up at `at` and looks on from there.
  const Instr* unwind_from(Leaving why, const Instr* at, Value v, std::uint32_t message) {
    return unwind(why, at, v, message);
  }
  /// Calls a program; `at` is the calling instruction.
  const Instr* call(const Instr* at, std::uint32_t program, const Value* args);
  [[nodiscard]] Site site(std::uint32_t local) const;
  [[nodiscard]] std::uint32_t& draws(std::uint32_t local) const { return routine.counters()[frame->site_base + local]; }

 private:
  friend class Interpreter;
  [[nodiscard]] bool other_value(const Operand& o, Value& out);
  /// Ends the run: `at` needed a `wanted`. Always false.
  bool wrong_kind(const Instr* at, ValueKind wanted, Value got);
  /// The variable that a target names. Null: a scenario error (an index out of range).
  [[nodiscard]] Value* cell(const Target& t);
  [[nodiscard]] bool several(ListRef values, bool is_list, Value& out);
  [[nodiscard]] bool store_several(const Instr* at, ListRef names, bool is_list, Value v, bool zeros);
  const Instr* unwind(Leaving why, const Instr* at, Value v, std::uint32_t message);
  void pop_frame();
};

/// What all goroutines of one world share.
class Interpreter final : public ExprHost {
 public:
  explicit Interpreter(std::shared_ptr<const CompiledScenario> compiled);
  ~Interpreter();
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  /// Makes the declared resources and enters the goroutines of `start`. The world keeps a pointer to this.
  void set_up(World& w);

  /// A goroutine of `program` with its arguments in the first slots.
  [[nodiscard]] Body make_body(std::uint32_t program, const Value* args, Time born);
  /// Makes goroutines of `program` with these arguments, one each time a timer fires.
  [[nodiscard]] BodyFactory make_factory(std::uint32_t program, const Value* args);
  /// What a timer starts goroutines of, and with which arguments; nothing when it starts none of ours.
  struct Started {
    std::uint32_t program = 0;
    const Value* args = nullptr;
    std::uint32_t count = 0;
  };
  [[nodiscard]] std::optional<Started> started_by(const Timer& t) const;
  /// `n` goroutines of a stream arrive, the first of them as its `index`-th; `born`: when they were meant to. The number
  /// of the first; kNoG when the run is over.
  [[nodiscard]] std::uint32_t arrive(const CompiledArrival& a, std::int64_t n, std::int64_t index, Time born);
  [[nodiscard]] const Arrivals* arrivals() const { return arrivals_.get(); }
  /// False when the memory of the world is used up; the run has then ended.
  [[nodiscard]] bool memory_left();
  /// A mark was made. False: the run has waited for it and is over.
  [[nodiscard]] bool marked(std::uint32_t label);

  /// A new resource like the declared one.
  [[nodiscard]] Value make(const ResourceCell& cell, std::uint32_t object);
  [[nodiscard]] const std::string& message(std::uint32_t number) const {
    return number < code->labels.size() ? code->labels[number] : messages_[number - code->labels.size()];
  }
  std::uint32_t add_message(std::string text);
  /// A timer for `after` in a select, of which nobody else will ever hear; and what becomes of it afterwards.
  [[nodiscard]] Timer* take_after_timer();
  void retire_after_timer(Timer& t) { retired_.push_back(&t); }
  /// The number under which a reference is known in the trace, 0 if it has none.
  [[nodiscard]] std::uint32_t object_of(Value v) const;

  // ExprHost: for the goroutine that runs
  bool len(Value v, Value& out) override;
  bool cap(Value v, Value& out) override;
  bool newchan(std::int64_t capacity, Value& out) override;
  bool fresh(std::uint32_t object, Value& out) override;
  bool err(Value context, Value& out) override;
  std::int64_t rand(std::uint32_t site, std::int64_t n) override;
  std::int64_t now() override { return world->now(); }
  std::int64_t self() override { return run == nullptr ? 0 : run->g.id; }
  std::int64_t gauge(GaugeName which) override;
  void loaded(std::uint32_t cell) override { accessed(cell, Access::atomic_read); }

  /// The goroutine that executes now has touched a shared variable.
  void accessed(std::uint32_t cell, Access how);

  std::shared_ptr<const CompiledScenario> code;
  const Operand* const operands;  ///< tables of `code`, a step closer to hand
  const Target* const targets;
  World* world = nullptr;
  Run* run = nullptr;  ///< the goroutine that executes now
  Value caught;        ///< by the `try` that a panic has just reached
  ExprEnv env;
  std::vector<Value> resources;
  std::vector<Value> shared;
  std::unique_ptr<ScenarioError> error;
  void (*observe)(void*) = nullptr;  ///< called after every operation, when somebody wants it (`never` over variables)
  void* observer = nullptr;
  bool watched = false;                         ///< somebody observes, or accesses are recorded
  const Instr* at = nullptr;                    ///< what executes now, when watched
  std::vector<Value> scratch;                   ///< of one instruction
  std::vector<World::SelectCase> select_cases;  ///< of one instruction

 private:
  void make_context(std::uint32_t index);
  void start_all();
  void begin_phases();
  void begin_samples();
  void ended(const G& g);
  [[nodiscard]] bool outside_args(ListRef list, std::int64_t index, std::vector<Value>& args);
  [[nodiscard]] bool buffer(Value v, const Chan*& c) const;
  void name_variables(World& w);
  std::uint32_t variable_objects_ = 0;  ///< number of the first shared cell in the trace
  std::uint32_t place_labels_ = 0;      ///< label of the first of CompiledScenario::pointers
  std::vector<std::string> messages_;
  std::deque<Timer*> retired_;          ///< timers of selects that are over; they may still be pending
  std::uint64_t made_ = 0;              ///< resources made while running
  std::uint32_t done_program_ = kNone;  ///< the run ends when all its goroutines have
  std::int64_t done_alive_ = 0;
  std::uint32_t done_mark_ = kNone;
  std::unique_ptr<Arrivals> arrivals_;
  std::size_t phase_ = 0;  ///< the next of Scenario::phases
  ProcessId phase_process_ = 0;
  ProcessId sample_process_ = 0;
  std::uint64_t outside_entity_ = 0;  ///< whose arguments are being evaluated: the how-manyeth start
};

/// Continues a goroutine (G::Resume).
void resume_routine(World& w, G& g);
/// Frees what belongs to one (Body::drop).
void drop_routine(World& w, G& g);

// --- instructions that belong to no verb alone
const Instr* exec_jump(Run& r, const Instr* i);            ///< to its other successor
const Instr* exec_return_end(Run& r, const Instr* i);      ///< the end of a program
const Instr* exec_resume_leaving(Run& r, const Instr* i);  ///< behind a deferred block or the clean-up of a panic
const Instr* exec_prologue(Run& r, const Instr* i);        ///< where a goroutine begins with a large frame
const Instr* exec_nothing(Run& r, const Instr* i);

// --- inline parts: the common cases; whatever needs more stands in interpreter.cpp, so that instructions stay small

inline bool Run::value(const Operand& o, Value& out) {
  if (o.mode == Operand::Mode::slot) {
    out = slots()[o.index];
    return true;
  }
  if (o.mode == Operand::Mode::constant) {
    out = Value{o.value};
    return true;
  }
  if (o.mode == Operand::Mode::resource) {
    out = in.env.resources[o.index];
    return true;
  }
  return other_value(o, out);
}

inline bool Run::integer(const Operand& o, const Instr* at, std::int64_t& out) {
  Value v;
  if (!value(o, v)) return false;
  out = v.bits;
  return v.is_integer() || wrong_kind(at, ValueKind::integer, v);
}

template <class T>
bool Run::reference(const Operand& o, const Instr* at, ValueKind kind, T*& out) {
  Value v;
  out = nullptr;
  if (!value(o, v)) return false;
  if (v.kind == kind) [[likely]] {
    out = v.object<T>();
    return true;
  }
  return v.is_nil() || wrong_kind(at, kind, v);
}

inline bool Run::store(const Target& t, Value v) {
  if (t.mode == Target::Mode::none) return true;
  if (t.mode != Target::Mode::slot) return store_shared(t, v, Access::atomic_write);
  slots()[t.index] = v;
  return true;
}

inline bool Run::tuple(ListRef values, bool is_list, Value& out) {
  if (!is_list && values.count == 1) [[likely]]
    return value(in.operands[values.first], out);
  return several(values, is_list, out);
}

inline bool Run::store_all(const Instr* at, ListRef names, bool is_list, Value v, bool zeros) {
  if (v.kind != ValueKind::tuple) [[likely]] {
    if (names.count == 0) return true;
    if (names.count == 1) return store(in.targets[names.first], v);
  }
  return store_several(at, names, is_list, v, zeros);
}

}  // namespace gmpsim
