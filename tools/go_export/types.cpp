#include "tools/go_export/types.hpp"

#include <utility>

namespace gmpsim {

GoTypes::Id GoTypes::add(Kind kind, std::vector<Id> parts) {
  const auto id = static_cast<Id>(nodes_.size());
  nodes_.push_back({kind, id, std::move(parts)});
  ++learned_;
  return id;
}

GoTypes::Id GoTypes::root(Id t) const {
  while (nodes_[t].parent != t) t = nodes_[t].parent;
  return t;
}

GoTypes::Id GoTypes::at(const std::string& place) {
  const auto found = places_.find(place);
  if (found != places_.end()) return found->second;
  const Id id = add(Kind::unknown, {});
  places_.emplace(place, id);
  return id;
}

GoTypes::Id GoTypes::make(const std::string& place, Kind kind, std::vector<Id> parts) {
  const auto found = places_.find(place);
  if (found != places_.end()) return found->second;
  const Id id = add(kind, std::move(parts));
  places_.emplace(place, id);
  return id;
}

bool GoTypes::unify(Id a, Id b) {
  a = root(a);
  b = root(b);
  if (a == b) return true;
  if (nodes_[a].kind == Kind::unknown) std::swap(a, b);
  if (nodes_[b].kind != Kind::unknown) {
    if (nodes_[a].kind != nodes_[b].kind || nodes_[a].parts.size() != nodes_[b].parts.size()) return false;
  }
  // Integers keep number 0 as their root.
  if (b == 0) std::swap(a, b);
  const std::vector<Id> left = nodes_[a].parts, right = nodes_[b].parts;
  nodes_[b].parent = a;
  ++learned_;
  bool good = true;
  for (std::size_t i = 0; i < left.size() && i < right.size(); ++i) good = unify(left[i], right[i]) && good;
  return good;
}

bool GoTypes::is_reference(Id t) const {
  const Kind k = kind(t);
  return k != Kind::unknown && k != Kind::integer && k != Kind::tuple;
}

bool GoTypes::carries(Id t, Id wanted, std::set<Id>& seen) const {
  for (const Id part : parts(t)) {
    const Id inner = root(part);
    if (inner == wanted || (seen.insert(inner).second && carries(inner, wanted, seen))) return true;
  }
  return false;
}

std::string GoTypes::text(Id t) {
  switch (kind(t)) {
    case Kind::unknown:
    case Kind::integer: return "int64";
    case Kind::chan: return channel_text(root(t));
    case Kind::mutex: return "*sync.Mutex";
    case Kind::rwmutex: return "*sync.RWMutex";
    case Kind::wait_group: return "*sync.WaitGroup";
    case Kind::cond: return "*sync.Cond";
    case Kind::once: return "*sync.Once";
    case Kind::semaphore: return "*semaphore";
    case Kind::timer: return "*time.Timer";
    case Kind::ticker: return "*time.Ticker";
    case Kind::context: return "*scope";
    case Kind::pool: return "*sync.Pool";
    case Kind::tuple: return message_text(t);
  }
  return "int64";
}

std::string GoTypes::channel_text(Id t) {
  const auto named = recursive_.find(t);
  if (named != recursive_.end()) return named->second;
  std::set<Id> seen;
  if (!carries(t, t, seen)) return "chan " + message_text(parts(t)[0]);
  const std::string name = "recursive" + std::to_string(recursive_.size() + 1);
  recursive_[t] = name;
  declarations_[name] = "type " + name + " chan " + message_text(parts(t)[0]) + "\n";
  return name;
}

std::string GoTypes::message_text(Id tuple) {
  if (kind(tuple) != Kind::tuple) return "int64";
  const std::vector<Id> elements = parts(tuple);
  if (elements.size() == 1) return text(elements[0]);
  std::string fields;
  const std::size_t widest = std::to_string(elements.size() - 1).size();
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const std::string number = std::to_string(i);
    fields += "\tv" + number + std::string(widest - number.size() + 1, ' ') + text(elements[i]) + "\n";
  }
  const auto [at, fresh] = names_.try_emplace(fields, "tuple" + std::to_string(names_.size() + 1));
  if (fresh) declarations_[at->second] = "type " + at->second + " struct {\n" + fields + "}\n";
  return at->second;
}

std::string GoTypes::name_of(Kind kind) {
  switch (kind) {
    case Kind::unknown: return "something";
    case Kind::integer: return "an integer";
    case Kind::chan: return "a channel";
    case Kind::mutex: return "a mutex";
    case Kind::rwmutex: return "a rwmutex";
    case Kind::wait_group: return "a wait group";
    case Kind::cond: return "a cond";
    case Kind::once: return "a once";
    case Kind::semaphore: return "a semaphore";
    case Kind::timer: return "a timer";
    case Kind::ticker: return "a ticker";
    case Kind::context: return "a context";
    case Kind::pool: return "a pool";
    case Kind::tuple: return "several values";
  }
  return "";
}

}  // namespace gmpsim
