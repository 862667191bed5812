#pragma once
// From a read scenario to a compiled one.
//
// Each program's `do` is walked once. For each operation the verb is found, its form is checked against what its file
// declares, and its `compile` function appends instructions through an OpCompiler, which resolves names, expressions,
// times, blocks and jumps. All problems are reported, each at its place; code made after a problem is never run.
//
// Block scope: the first `let` or `as` makes a variable, visible to the end of its block. A slot is used again after
// the block, unless a `defer` stands in it: what is deferred sees these variables when it runs.
// Deferred blocks are compiled behind the program, so that no stretch of code guarded by a `try` or `once` contains
// them.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/go/g.hpp"
#include "scenarios/diagnostics.hpp"
#include "scenarios/expression.hpp"
#include "scenarios/ops/registry.hpp"
#include "scenarios/program.hpp"
#include "scenarios/scenario.hpp"

namespace gmpsim {

/// Compiles a scenario, which the result keeps. Errors go to `out`, and nothing is returned when there was one.
[[nodiscard]] std::shared_ptr<const CompiledScenario> compile(std::shared_ptr<const Scenario> scenario,
                                                              Diagnostics& out);

/// Where to jump from; patched when the end is known.
using CodeIndex = std::uint32_t;

class ScenarioCompiler;

/// What surrounds an operation and matters to `break`, `continue`, `return` and panics.
struct Enclosing {
  enum class Kind : std::uint8_t { loop, select, attempt, guarded };
  Kind kind = Kind::loop;
  std::string label;
  std::vector<CodeIndex> breaks;     ///< jumps to its end
  std::vector<CodeIndex> continues;  ///< jumps to its next pass
  std::vector<Instr> leave;          ///< executed by whatever leaves it early (end of a span, of a once)
};

/// Compiles one program; what operations see.
class OpCompiler final : private Names {
 public:
  OpCompiler(ScenarioCompiler& scenario, const Program& program, CompiledProgram& out);

  /// The whole program.
  void run();

  // --- what the operation says; each checks the form, reports, and answers something harmless when it is wrong
  [[nodiscard]] const Node& op() const { return *op_; }
  [[nodiscard]] const OpSpec& spec() const { return *spec_; }
  [[nodiscard]] bool has(std::string_view key) const { return op_->find(key) != nullptr; }
  /// The value under `key` (a verb or a modifier), as the form declared for it says.
  [[nodiscard]] Operand value(std::string_view key);
  /// A tuple: one operand or a list of them; `is_list` says which was written.
  [[nodiscard]] ListRef values(std::string_view key, bool& is_list);
  /// Names to store into. Declares new ones: call it after whatever must not see them.
  [[nodiscard]] Target name(std::string_view key);
  [[nodiscard]] ListRef names(std::string_view key, bool& is_list);
  /// The same, put where an instruction that gives or takes several values has them: extra, count and kList.
  void values_into(Instr& i, std::string_view key);
  void names_into(Instr& i, std::string_view key);
  /// A shared variable or an element of a shared array; anything else is refused.
  [[nodiscard]] Target shared(std::string_view key);
  /// Does `name` mean something here?
  [[nodiscard]] bool knows(std::string_view name) const { return find(name).kind != Symbol::Kind::unknown; }
  /// Would storing into the name under `key` make a variable?
  [[nodiscard]] bool is_new(std::string_view key) const;
  /// What kind of reference `o` is, where that is known now; else `integer`.
  [[nodiscard]] ValueKind kind_known(const Operand& o) const;
  /// A literal: label, word. Empty when absent.
  [[nodiscard]] std::string literal(std::string_view key) const;
  [[nodiscard]] std::uint32_t label(std::string_view key);
  /// True when `key` is there and true; a flag that is false is refused unless `key` may be left out.
  [[nodiscard]] bool flag(std::string_view key);
  /// Index of the program named under `key`; kNone when it is unknown (reported).
  [[nodiscard]] std::uint32_t program(std::string_view key);
  /// The arguments for `callee`, in its order.
  [[nodiscard]] ListRef arguments(std::string_view key, std::uint32_t callee);
  /// Operations under `key`, compiled here, in a scope of their own. Absent: nothing.
  void block(std::string_view key);

  // --- the same for values that stand elsewhere (select cases, alternatives of choose, let)
  [[nodiscard]] Operand value_at(const Node& node, const OpPart& part);
  [[nodiscard]] ListRef values_at(const Node& node, bool& is_list);
  [[nodiscard]] Target name_at(const Node& node);
  [[nodiscard]] ListRef names_at(const Node& node, bool& is_list);
  void block_at(const Node& array);
  /// A name on the left of `let` (goroutine) or `set` (either). `key` is what was written, at `span` of `object`.
  [[nodiscard]] Target assigned(const Node& object, const Node::Member& member, bool& is_shared);
  /// Checks keys of an object against `parts`: unknown and missing ones are reported. False when something was wrong.
  bool check_keys(const Node& object, const std::vector<const OpPart*>& parts, std::string_view what);
  /// Extends the JSON pointer that problems show, while it lives.
  class [[nodiscard]] At {
   public:
    At(OpCompiler& c, std::string_view segment);
    At(OpCompiler& c, std::size_t index) : At(c, std::string_view(std::to_string(index))) {}
    ~At() { c_.pointer_.resize(length_); }
    At(const At&) = delete;
    At& operator=(const At&) = delete;

   private:
    OpCompiler& c_;
    std::size_t length_;
  };

  // --- instructions
  /// A fresh instruction with the place of this operation: one that costs nothing and belongs to what stands before it.
  [[nodiscard]] Instr instr(Exec exec) const;
  /// One that costs a step of the workload.
  [[nodiscard]] Instr step(Exec exec) const;
  /// One that does something in the runtime: a cooperative safe point, then `cost`.
  [[nodiscard]] Instr action(Exec exec, Cost cost) const;
  /// How stretches of CPU time that start here may be interrupted, if the operation itself says nothing.
  [[nodiscard]] Preemptible preemptible(Preemptible usual) const { return inlined_ ? inline_how_ : usual; }
  /// The word under `preempt`; `usual` when absent.
  [[nodiscard]] Preemptible preempt_word(Preemptible usual);
  /// Everything compiled while it lives has no cooperative safe points (`preempt` on a loop).
  void set_inlined(bool on, Preemptible how) {
    inlined_ = on;
    inline_how_ = how;
  }
  [[nodiscard]] bool inlined() const { return inlined_; }
  CodeIndex emit(const Instr& i);
  [[nodiscard]] Instr& at(CodeIndex i);
  [[nodiscard]] CodeIndex here() const;
  /// Makes instruction `from` jump to `to`.
  void jump_to(CodeIndex from, CodeIndex to) {
    at(from).jump = static_cast<std::int32_t>(to) - static_cast<std::int32_t>(from);
  }
  /// An unconditional jump that takes no time; its target is patched later.
  CodeIndex emit_jump();
  [[nodiscard]] std::uint32_t new_slot();
  /// The frame of the program has `bytes` more.
  void need_stack(std::int64_t bytes);
  /// A hidden variable of this block.
  [[nodiscard]] Target hidden() { return {Target::Mode::slot, new_slot()}; }
  [[nodiscard]] static Operand read(Target slot) { return {Operand::Mode::slot, slot.index, 0}; }
  [[nodiscard]] static Operand constant(std::int64_t v) { return {Operand::Mode::constant, 0, v}; }
  [[nodiscard]] ListRef list(const std::vector<Operand>& operands);
  [[nodiscard]] ListRef list(const std::vector<Target>& targets);
  [[nodiscard]] std::uint32_t add_select(SelectTable table);
  [[nodiscard]] SelectTable& select_table(std::uint32_t index);
  [[nodiscard]] std::uint32_t label_number(std::string_view text);
  /// Number of a random site named after this operation's place, or after its `stream`.
  [[nodiscard]] std::uint32_t new_site();

  // --- structure
  void enter(Enclosing e) { enclosing_.push_back(std::move(e)); }
  Enclosing leave();
  /// For `break` and `continue`: the construct meant, with the instructions that leave what stands between.
  Enclosing* leave_to(bool next_pass, std::string_view label_key);
  /// Emits what leaves every enclosing construct (for `return` and `exit`).
  void leave_all();
  void landing(Landing::Kind kind, CodeIndex begin, CodeIndex end, CodeIndex handler);
  /// The slots that hold defers and a pending end (made at the first call).
  std::uint32_t leaving();
  /// Compiles `block` behind the program with what is visible here; `to` is patched to jump to it; `end` is executed at
  /// its end.
  void postpone(std::string_view key, CodeIndex to, const Instr& end);
  [[nodiscard]] bool inside_attempt() const;
  /// Must something be executed on the way out (of a span, of a once)?
  [[nodiscard]] bool must_clean_up() const;
  /// True in a deferred block, which `return` ends instead of the call.
  [[nodiscard]] bool deferred() const { return deferred_; }
  /// The instruction that ends a deferred block.
  [[nodiscard]] const Instr& end_of_deferred() const { return end_of_deferred_; }
  /// Opens and closes a scope around what is not a block of the document.
  void open_scope() { scopes_.push_back({visible_.size(), next_slot_}); }
  void close_scope();
  void set_index_slot(std::uint32_t slot) { index_slot_ = slot; }

  // --- reporting
  /// This operation is valid but does not run yet, because of `why`.
  void refuse(std::string_view why);
  void problem(const Node& node, std::string code, std::string message, std::string hint = {}, std::string note = {});
  void problem_at_key(const Node& object, const Node::Member& member, std::string code, std::string message,
                      std::string hint = {}, std::string note = {});
  void expression_problem(const Node& node, const ExprProblem& p);
  [[nodiscard]] const std::string& program_name() const { return program_.name; }
  [[nodiscard]] ScenarioCompiler& scenario() { return scenario_; }
  /// Notes that this program calls another one in the same goroutine.
  void calls(std::uint32_t callee) { callees_.push_back(callee); }
  [[nodiscard]] const std::vector<std::uint32_t>& callees() const { return callees_; }

 private:
  friend class ScenarioCompiler;
  struct Variable {
    std::string name;
    std::uint32_t slot;
  };
  struct Scope {
    std::size_t variables;
    std::uint32_t slot;
  };
  struct Postponed {
    const Node* block;
    CodeIndex to;
    std::vector<Variable> visible;
    std::string pointer;
    Instr end;
  };

  [[nodiscard]] Symbol find(std::string_view name) const override;
  [[nodiscard]] std::vector<std::string> visible() const override;
  [[nodiscard]] std::string help(std::string_view name) const override;
  void one(const Node& node);
  void generic(const OpSpec& spec);  // reads everything, for verbs that do not run yet
  [[nodiscard]] const OpPart& part_of(std::string_view key) const;
  [[nodiscard]] Operand expression(const Node& node, const OpPart& part);
  void note_uses(const Ast& ast, std::uint32_t at, const OpPart& part);
  [[nodiscard]] Operand distribution(const Node& node);
  [[nodiscard]] std::uint32_t place(const Node& node, std::uint32_t begin = 0, std::uint32_t end = 0) const;
  [[nodiscard]] Target target_text(const Node& node, const SourceSpan* span, const std::string& text, bool may_declare);
  [[nodiscard]] std::uint32_t named_site(const std::string& name);
  [[nodiscard]] const Variable* variable(std::string_view name) const;

  ScenarioCompiler& scenario_;
  const Program& program_;
  CompiledProgram& out_;
  const Node* op_ = nullptr;
  const OpSpec* spec_ = nullptr;
  std::string pointer_;
  std::vector<Variable> visible_;
  std::vector<Scope> scopes_;
  std::uint32_t next_slot_ = 0;
  std::uint32_t pinned_ = 0;  ///< slots below are not used again
  std::uint32_t index_slot_ = kNone;
  std::vector<Enclosing> enclosing_;
  std::vector<Postponed> postponed_;
  std::vector<std::uint32_t> callees_;
  std::map<std::string, std::uint32_t> site_names_;
  bool deferred_ = false;
  bool inlined_ = false;
  Preemptible inline_how_ = Preemptible::any;
  Instr end_of_deferred_;
};

}  // namespace gmpsim
