#pragma once
// The types of an exported program. The scenario language has none: a variable holds an integer or a reference. Go wants
// one type for each variable, argument and channel; they are found by unification, as in ML: every place has a type,
// unknown at first, and each operation says which places have the same.
//
// Places are named by JSON pointers, so that walking the program again (the translator does, until nothing changes)
// meets the same types. What stays unknown is an integer. Rejected: `any` everywhere (nobody would want to read it).
// Invariant: unify either makes two types one, or answers false and the export is refused at that place.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace gmpsim {

class GoTypes {
 public:
  using Id = std::uint32_t;
  enum class Kind : std::uint8_t {
    unknown,
    integer,
    chan,
    mutex,
    rwmutex,
    wait_group,
    cond,
    once,
    semaphore,
    timer,
    ticker,
    context,
    pool,
    tuple
  };

  /// The type of a place; unknown when it is met for the first time.
  Id at(const std::string& place);
  /// A type of this kind at a place. `parts`: of a channel or pool its message (a tuple), of a tuple its elements.
  Id make(const std::string& place, Kind kind, std::vector<Id> parts = {});
  [[nodiscard]] Id integer() const { return 0; }
  /// Makes two types one. False when they cannot be.
  bool unify(Id a, Id b);

  [[nodiscard]] Kind kind(Id t) const { return nodes_[root(t)].kind; }
  [[nodiscard]] const std::vector<Id>& parts(Id t) const { return nodes_[root(t)].parts; }
  /// A channel, lock, timer, …: something that can be nil.
  [[nodiscard]] bool is_reference(Id t) const;
  /// In Go: "int64", "chan int64", "*sync.Mutex". Tuples are structs, and a channel that can go through itself has a
  /// name: `declarations` collects both.
  [[nodiscard]] std::string text(Id t);
  /// What a message is: the type of its only element, or the name of a struct.
  [[nodiscard]] std::string message_text(Id tuple);
  /// What people call it: "a channel", "an integer".
  [[nodiscard]] static std::string name_of(Kind kind);

  /// Before another walk: names of types are given anew.
  void begin_walk() {
    names_.clear();
    recursive_.clear();
    declarations_.clear();
  }
  /// How often something became known: unchanged when a walk learned nothing.
  [[nodiscard]] std::size_t learned() const { return learned_; }
  /// Declarations of the types that `text` named.
  [[nodiscard]] const std::map<std::string, std::string>& declarations() const { return declarations_; }

 private:
  struct TypeNode {
    Kind kind = Kind::unknown;
    Id parent = 0;
    std::vector<Id> parts;
  };
  [[nodiscard]] Id root(Id t) const;
  [[nodiscard]] bool carries(Id t, Id wanted, std::set<Id>& seen) const;
  [[nodiscard]] std::string channel_text(Id t);
  Id add(Kind kind, std::vector<Id> parts);

  std::vector<TypeNode> nodes_{{Kind::integer, 0, {}}};
  std::map<std::string, Id> places_;
  std::map<std::string, std::string> names_;         // of structs, by the text of the fields
  std::map<Id, std::string> recursive_;              // names of channels
  std::map<std::string, std::string> declarations_;  // by name
  std::size_t learned_ = 0;
};

}  // namespace gmpsim
