#pragma once
// One walk over the programs of a scenario that writes Go. Private to this folder; see export_go.hpp.

#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/compile.hpp"
#include "scenarios/constants.hpp"
#include "tools/go_export/types.hpp"

namespace gmpsim {

/// What earlier walks learned of a variable.
struct GoVariable {
  std::string name;  ///< in Go
  GoTypes::Id type = 0;
  std::size_t reads = 0;
  bool assigned_again = false;  ///< stored to by more than the place that made it
  bool used_outside = false;    ///< made by a loop, read or stored to behind it
};

/// What earlier walks learned; kept from walk to walk.
struct GoKnowledge {
  GoTypes types;
  std::map<std::string, GoVariable> variables;    ///< by the place that made them
  std::map<std::string, std::vector<int>> exits;  ///< by closure: which ways out cross it
  std::set<std::string> labelled;                 ///< loops that a break or continue names
  std::map<std::string, std::size_t> results;     ///< programs that return so many values to somebody
  std::set<std::string> crossing;                 ///< programs whose return values leave a function literal
  std::set<std::string> needs;                    ///< support files
  bool settling = false;                          ///< what nobody has told becomes a channel now
  std::size_t facts = 0;                          ///< grows when anything was learned
};

/// An expression in Go.
struct GoValue {
  std::string text;
  GoTypes::Id type = 0;
  int level = 6;           ///< precedence: 6 atom, 3 comparison, 2 &&, 1 ||
  bool condition = false;  ///< a Go bool
  bool constant = false;
  std::int64_t value = 0;  ///< constant
};

/// What a name of a scenario is called in Go: keywords, names of the support and those that the translator writes are
/// taken.
[[nodiscard]] std::string go_name(const std::string& name);
/// A duration as the only argument of a function: gofmt wants spaces around the sign there.
[[nodiscard]] std::string go_alone(const std::string& duration);

class GoTranslator final : private Names {
 public:
  GoTranslator(const CompiledScenario& code, GoKnowledge& knowledge, Diagnostics* out);

  /// Everything that depends on the scenario, without the support; fills knowledge().needs and imports().
  [[nodiscard]] std::string text(std::uint64_t seed, const std::string& policy);
  [[nodiscard]] const std::set<std::string>& imports() const { return imports_; }

 private:
  struct Visible {
    std::string name;
    std::string key;
    std::string loop;  ///< key of the loop that made it
  };
  struct Frame {
    enum class Kind : std::uint8_t { loop, select, alternative, closure, span };
    Kind kind = Kind::loop;
    std::string label;  ///< in the scenario
    std::string key;
    std::string text;  ///< closure: name of its exit variable; span: label
  };
  enum Way { kReturn = 0, kBreak = 1, kContinue = 2 };  // + 3 * (index of the target frame + 1)

  // Names
  [[nodiscard]] Symbol find(std::string_view name) const override;
  [[nodiscard]] std::vector<std::string> visible() const override;

  // --- places
  class [[nodiscard]] At {
   public:
    At(GoTranslator& t, std::string_view segment) : t_(t), length_(t.pointer_.size()) {
      t.pointer_ = pointer_to(t.pointer_, segment);
    }
    At(GoTranslator& t, std::size_t index) : At(t, std::string_view(std::to_string(index))) {}
    ~At() { t_.pointer_.resize(length_); }
    At(const At&) = delete;
    At& operator=(const At&) = delete;

   private:
    GoTranslator& t_;
    std::size_t length_;
  };
  void refuse(const Node& node, const std::string& what, const std::string& why);
  void same(const Node& node, GoTypes::Id a, GoTypes::Id b, const std::string& what);
  void need(const char* support) { learn(knowledge_.needs.insert(support).second); }
  void import(const char* package) { imports_.insert(package); }
  void learn(bool fresh) { knowledge_.facts += fresh ? 1 : 0; }

  // --- writing
  void line(const std::string& text);
  void open(const std::string& text);
  void close(const std::string& text = "}");
  [[nodiscard]] std::string unique(const std::string& base);
  [[nodiscard]] std::string local(std::string name) const;

  // --- sections
  void resources();
  std::string new_resource(const Resource& r, const std::string& place);
  void program(const Program& p);
  void start();
  void entry(const Start& s, std::size_t number);
  [[nodiscard]] GoTypes::Id resource_type(const Resource& r);
  [[nodiscard]] std::string runtime_text(std::uint64_t seed, const std::string& policy);

  // --- values (values.cpp)
  static constexpr auto kReceivedFrom = {GoTypes::Kind::chan, GoTypes::Kind::timer, GoTypes::Kind::ticker,
                                         GoTypes::Kind::context};
  [[nodiscard]] GoValue value(const Node& op, std::string_view key);
  [[nodiscard]] GoValue value_of(const Node& node);
  [[nodiscard]] GoValue expression(const Node& node, const std::string& text);
  [[nodiscard]] GoValue walk(const Ast& ast, std::uint32_t at, const Node& node, const std::vector<std::string>& sites);
  [[nodiscard]] std::string element_text(const Node& node, const std::string& array, const GoValue& i);
  [[nodiscard]] std::string integer(const Node& node, const GoValue& v);
  [[nodiscard]] std::string condition(const Node& node, const GoValue& v);
  [[nodiscard]] std::string typed(const GoValue& v);
  [[nodiscard]] std::string duration(const Node& node);
  [[nodiscard]] std::string count_of(const Node& op, std::string_view key);
  [[nodiscard]] GoValue reference(const Node& op, std::string_view key, GoTypes::Kind kind);
  [[nodiscard]] GoValue one_of(const Node& op, std::string_view key, std::initializer_list<GoTypes::Kind> kinds);
  void demand(const Node& op, std::string_view key, const GoValue& v, std::initializer_list<GoTypes::Kind> kinds);
  void demand(const Node& node, const GoValue& v, std::initializer_list<GoTypes::Kind> kinds, const std::string& what);
  [[nodiscard]] std::string distribution(const Node& node, bool as_integer);
  [[nodiscard]] std::string site(const std::string& name);
  [[nodiscard]] std::string new_site();
  std::string site_name();
  [[nodiscard]] std::string numbered(const std::string& name);
  [[nodiscard]] std::vector<GoValue> tuple(const Node& op, std::string_view key);
  [[nodiscard]] std::string message(const Node& node, const std::vector<GoValue>& values, GoTypes::Id channel);
  [[nodiscard]] static std::string duration_text(std::int64_t ns);
  [[nodiscard]] static std::string quoted(std::string_view text);
  [[nodiscard]] std::string label_text(std::string_view text);
  [[nodiscard]] GoTypes::Id message_of(const Node& node, GoTypes::Id channel, std::size_t arity, bool sure = false);

  [[nodiscard]] GoTypes::Id element_of(GoTypes::Id from, std::size_t i);

  // --- stores (values.cpp)
  struct Stored {
    const Node* node = nullptr;
    std::string text;  ///< as written
    std::string pointer;
  };
  [[nodiscard]] std::vector<Stored> names(const Node& op, std::string_view key);
  [[nodiscard]] bool is_variable(const std::string& name) const;
  [[nodiscard]] const Visible* variable(std::string_view name) const;
  std::string declare(const Stored& s, GoTypes::Id type, const std::string& loop = {});
  /// Stores values, all at once. Fresh names are made here.
  void store(const Node& op, const std::vector<Stored>& to, const std::vector<GoValue>& values);
  [[nodiscard]] bool unused(const std::string& key) const;
  [[nodiscard]] std::string store_text(const Stored& s, const std::string& value, GoTypes::Id type);
  void touch(const Visible& v, bool reads) const;

  // --- operations (operations.cpp, control.cpp)
  void block(const Node& array);
  void block(const Node& op, std::string_view key);
  void one(const Node& op);
  void received(const Node& op, const std::string& from, GoTypes::Id type, const std::vector<Stored>& as,
                const std::vector<Stored>& ok);
  [[nodiscard]] std::string channel_text(const Node& op, const GoValue& c);
  [[nodiscard]] std::string arguments(const Node& op, const Program& callee, bool fix);
  [[nodiscard]] const Program& callee(const Node& op, std::string_view key);
  [[nodiscard]] std::string function(const std::string& program) const;
  void leave(const Node& op, int way, std::size_t target, const std::vector<GoValue>& values);
  void close_closure(const Node& op, const Frame& frame);
  std::string open_closure(const Node& op);
  [[nodiscard]] std::string loop_label(const std::string& key) const;
  void op_go(const Node& op);
  void op_call(const Node& op);
  void op_let(const Node& op);
  void op_set(const Node& op);
  void op_loop(const Node& op);
  void op_range(const Node& op);
  void op_select(const Node& op);
  void op_choose(const Node& op);
  void op_if(const Node& op);
  void op_try(const Node& op);
  void op_once(const Node& op);
  void op_defer(const Node& op);
  void op_return(const Node& op);
  void op_jump(const Node& op, bool next);
  void op_log(const Node& op);
  void op_send(const Node& op);
  void op_recv(const Node& op);
  void op_timer(const Node& op, bool reset);
  void op_context(const Node& op);
  void op_pool(const Node& op, bool get);
  void op_run(const Node& op, bool spin);
  bool op_simple(const Node& op, const std::string& verb);

  const CompiledScenario& code_;
  const Scenario& scenario_;
  GoKnowledge& knowledge_;
  Diagnostics* out_;  ///< null: a walk that only learns
  Constants constants_;
  std::string pointer_;
  std::string text_;
  int indent_ = 0;
  std::set<std::string> imports_;
  std::set<std::string> taken_;                                // names that a temporary may not have
  std::map<std::string, std::string> functions_;               // by program
  std::map<std::string, std::string, std::less<>> resources_;  // Go names
  std::map<std::string, GoTypes::Id, std::less<>> resource_types_;
  struct Cell {
    std::uint32_t resource = 0;
    std::uint32_t element = 0;
  };
  std::vector<Cell> cells_;  ///< by the index that expressions use: an element with a constant index is one of its own
  std::vector<std::string> labels_{""};
  std::map<std::string, std::size_t, std::less<>> label_numbers_;
  std::vector<std::string> site_lines_;
  std::vector<std::string> sampler_lines_;
  std::map<std::string, std::size_t> site_names_;
  std::map<std::string, std::size_t> uniques_;
  const Program* program_ = nullptr;
  const Node* op_ = nullptr;
  std::vector<Visible> visible_;
  std::vector<Frame> frames_;
  std::vector<std::string> open_loops_;
  bool in_start_ = false;
  bool deferred_ = false;
};

}  // namespace gmpsim
