#pragma once
// A compiled scenario: flat arrays that an interpreter walks, with every name resolved and every place remembered.
//
// An instruction is 64 bytes and begins with the function that executes it, so that dispatch is one indirect call and
// adding an operation adds no case to any switch. Operands say where a value comes from; what needs more room
// (lists, select cases, code of expressions) stands in a side table and is named by its index.
//
// Rejected: one `switch` over all verbs (every verb would touch the interpreter), a tree of closures (allocation, cache
// misses), 32-bit function numbers (a table look-up more in front of the call).
// Invariants: immutable once built and free of anything that belongs to one run, so that any number of worlds in any
// number of threads share it; jumps stay inside their program; every instruction has a place in the document.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/go/costs.hpp"
#include "scenarios/diagnostics.hpp"
#include "scenarios/expression.hpp"
#include "scenarios/json.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/value.hpp"
#include "sim/distribution.hpp"
#include "sim/transition.hpp"

namespace gmpsim {

struct Instr;
struct Run;

inline constexpr std::int64_t kFrameBytes = 128;           // of stack, for a program that does not say
inline constexpr std::int64_t kStackAtFirst = 2048 - 928;  // what a goroutine may use before its stack has to grow

/// Executes an instruction. Returns the next one, or null when the goroutine has to leave its thread (it then has
/// stored where it goes on).
using Exec = const Instr* (*)(Run&, const Instr*);

inline constexpr std::uint32_t kNone = 0xffffffff;

/// Where a value comes from.
struct Operand {
  enum class Mode : std::uint8_t {
    none,      ///< absent; reads as 0
    constant,  ///< `value`
    slot,      ///< variable `index` of the running call
    shared,    ///< cell `index` of the shared variables
    resource,  ///< cell `index` of the resources
    code,      ///< words[index]
    sample,    ///< a draw from samplers[index] at the program's random site `value`
  };
  Mode mode = Mode::none;
  std::uint32_t index = 0;
  std::int64_t value = 0;
  [[nodiscard]] bool present() const { return mode != Mode::none; }
};

/// Where a value goes.
struct Target {
  enum class Mode : std::uint8_t { none, slot, shared, element };
  Mode mode = Mode::none;
  std::uint32_t index = 0;  ///< slot, cell, or entry of `elements`
  [[nodiscard]] bool present() const { return mode != Mode::none; }
};

/// An element of a shared array, found when the value is stored.
struct Element {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  Operand index;
  std::uint32_t place = 0;
};

struct Instr {
  static constexpr std::uint8_t kCosts = 1;      ///< `cost` is paid before it executes
  static constexpr std::uint8_t kSafePoint = 2;  ///< a goroutine asked to stop stops before it
  static constexpr std::uint8_t kAsync = 4;      ///< while it pays, only a signal stops the goroutine
  static constexpr std::uint8_t kList = 8;       ///< its values or names were written as a list

  Exec exec = nullptr;
  Operand a;
  Operand b;
  Target to;              ///< the name under `as`
  std::int32_t jump = 0;  ///< distance to the other successor
  std::uint32_t place = 0;
  std::uint32_t extra = 0;  ///< the verb's own
  std::uint16_t count = 0;  ///< the verb's own
  std::uint8_t flags = 0;
  Cost cost = Cost::step;
};
static_assert(sizeof(Instr) == 64);

/// A list of operands or targets in a side table.
struct ListRef {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

/// A stretch of code that a panic or Goexit does not simply leave.
struct Landing {
  enum class Kind : std::uint8_t { attempt, once };
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t handler = 0;
  Kind kind = Kind::attempt;
};

struct SelectBranch {
  enum class Kind : std::uint8_t { send, recv, after };
  Kind kind = Kind::recv;
  Operand channel;     ///< after: the time
  ListRef values;      ///< send
  ListRef names;       ///< recv
  bool tuple = false;  ///< send: as a tuple; recv: into a list of names
  Target kept;         ///< send of a tuple: hidden variable that remembers it until the choice is made
  Target ok;
  std::uint32_t body = 0;  ///< index of the first instruction
};

struct SelectTable {
  std::vector<SelectBranch> cases;
  std::uint32_t otherwise = kNone;  ///< first instruction under `default`
};

struct CompiledProgram {
  std::string name;
  std::uint32_t first = 0;  ///< instruction
  std::uint32_t args = 0;   ///< slots 0 … args-1
  std::uint32_t slots = 0;
  std::uint32_t leaving = kNone;  ///< first of three slots that hold defers and a pending end; kNone: it has neither
  std::uint32_t sites = 0;        ///< random sites of its own
  std::uint32_t first_site = 0;   ///< in CompiledScenario::streams
  std::uint32_t reachable_sites = 0;      ///< of it and all that it can call
  std::vector<std::uint32_t> site_bases;  ///< by program: where the counters of a called program begin
  std::uint64_t key = 0;                  ///< of the name: part of the entity that draws
  std::int64_t frame = 0;                 ///< bytes of stack a call takes
  std::vector<Landing> landings;          ///< inner ones before outer ones
};

/// One declared resource, or an element of an array of them.
struct ResourceCell {
  ResourceType type = ResourceType::var;
  ValueKind kind = ValueKind::integer;
  std::string name;              ///< "jobs", "locks[3]"
  std::uint32_t declared = 0;    ///< index in Scenario::resources
  std::uint32_t element = 0;     ///< of its array
  bool is_template = false;      ///< named in new() only: never made by itself
  std::uint32_t parent = kNone;  ///< context: the cell of its parent; kNone: Background
  std::uint32_t timing = kNone;  ///< socket, file: in CompiledScenario::samplers
  std::uint64_t stream = 0;      ///< of `timing`; 0: named by whoever draws
};

struct CompiledStart {
  std::uint32_t program = 0;
  std::int64_t count = 1;
  Time at = 0;
  ListRef args;  ///< in the callee's order; slot 0 is `index`
  std::uint32_t place = 0;
};

/// A stream of goroutines from outside (scenarios/arrivals.hpp).
struct CompiledArrival {
  const Arrival* declared = nullptr;
  std::uint32_t program = 0;
  ListRef args;              ///< as of CompiledStart
  Sampler gap;               ///< poisson, every, burst: from one to the next; closed: thinking; stages: of mean 2^40
  std::uint64_t stream = 0;  ///< of its draws
};

/// Where an instruction or a word of an expression stands in the document.
struct CodePlace {
  const Node* node = nullptr;
  std::uint32_t pointer = 0;  ///< index in CompiledScenario::pointers
  std::uint32_t begin = 0;    ///< of an expression: offsets in its text; end == 0: the whole node
  std::uint32_t end = 0;
};

/// A name that an operation acts on or passes on; what can still be woken is found from these (scenarios/wakes.hpp).
struct NameUse {
  enum class Kind : std::uint8_t { slot, shared, resource };
  const Node* op = nullptr;  ///< null: in arguments of `start` or `arrivals`
  Kind kind = Kind::slot;
  std::uint32_t index = 0;  ///< slot, or (first) cell
  std::uint32_t count = 1;  ///< cells
  std::uint32_t wakes = 0;  ///< resource: what the operation does to those who wait on it (OpPart::wakes)
  bool passed_on = false;   ///< resource: used as a value, so that anything may become of it
};

struct CompiledScenario {
  std::shared_ptr<const Scenario> scenario;
  std::vector<Instr> code;
  std::vector<ExprWord> words;
  std::vector<Operand> operands;
  std::vector<Target> targets;
  std::vector<Element> elements;
  std::vector<Sampler> samplers;
  std::vector<SelectTable> selects;
  std::vector<std::uint64_t> streams;        ///< random stream of each site, program after program
  std::vector<std::uint32_t> stream_places;  ///< where each stands: its operation
  std::vector<CompiledProgram> programs;
  CompiledProgram outside;              ///< owner of the random sites in arguments of `start`
  std::vector<ResourceCell> resources;  ///< all but `var`
  std::vector<std::string> shared_names;
  std::vector<Value> shared_init;
  std::vector<CompiledStart> starts;
  std::vector<CompiledArrival> arrivals;
  std::vector<std::uint32_t> phase_labels;  ///< of Scenario::phases
  std::vector<std::string> labels;          ///< of marks, spans, logs, panics
  std::vector<CodePlace> places;
  std::vector<std::string> pointers;
  std::vector<NameUse> uses;
  /// What is valid but does not run in this version (E0900).
  std::vector<Diagnostic> not_yet;

  /// A problem met while running, with its place.
  [[nodiscard]] Diagnostic at(std::uint32_t place, std::string message, std::string hint = {}) const;
};

}  // namespace gmpsim
