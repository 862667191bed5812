#include "scenarios/codes.hpp"

#include <algorithm>

namespace gmpsim {
namespace {

struct Code {
  std::string_view code;
  std::string_view title;
  std::string_view text;
};

// In order. A test holds this table against the codes that stand in the sources.
constexpr Code kCodes[] = {
    {"E0101", "not JSON",
     "The text is not JSON at this place. Comments (// and /* */) are accepted; trailing commas, single quotes, keys without\n"
     "quotes, NaN and Infinity are not."},
    {"E0102", "not UTF-8", "Documents are UTF-8. Save the file in that encoding; a byte order mark at the beginning is fine."},
    {"E0103", "document too large",
     "A document may have 16 MiB, a million values and 200 levels of nesting, so that no input can exhaust memory or stack."},
    {"E0104", "number too large", "Integers are -9223372036854775808 to 9223372036854775807. A seed may also be hexadecimal text: \"0x5eed\"."},
    {"E0105", "key twice",
     "An object has the same key twice. Most JSON readers keep the last in silence; here the document has to say what it means."},
    {"E0106", "value of the wrong kind",
     "Another kind of value belongs here: an object where a list stands, a number where a string stands, and so on. null only\n"
     "stands in a document with \"extends\", where it removes a key."},
    {"E0107", "unknown key",
     "Nobody reads this key, so a misspelled setting would silently do nothing. Keys that start with x- are kept and ignored,\n"
     "and \"note\" may stand in every object."},
    {"E0108", "missing key", "Something that has no default is missing: { \"type\": \"ticker\" } needs its \"period\", a scenario its \"programs\"."},
    {"E0109", "unknown word", "One of a few words belongs here; the message lists them."},
    {"E0110", "two alternatives", "These keys exclude one another: a check has one oracle, an arrival stream one process, a fault one injection."},
    {"E0111", "extended file missing", "The file that \"extends\" names cannot be read. Its path is relative to the file in which \"extends\" stands."},
    {"E0112", "extends in a circle", "Following \"extends\" comes back to a file that was already there. The note shows the chain."},
    {"E0113", "extends too far", "At most 16 files may extend one another, and what is extended may have 4 MiB in all."},
    {"E0114", "unknown version", "\"apiVersion\" is \"gmpsim/v1\". A document of a newer version needs a newer tool."},
    {"E0115", "other kind of document", "\"kind\" says what a document is: this command reads a Scenario."},
    {"E0116", "path names nothing",
     "--set and sweeps name places in the document: params.NAME, or a JSON pointer such as /runtime/gomaxprocs. The place must be\n"
     "one that the grammar knows; entries of maps (programs, resources, parameters, …) must exist."},
    {"E0211", "outside the bounds", "The value is smaller or larger than what makes sense here; the hint says the bound."},
    {"E0212", "not a time",
     "Times are strings with a unit: \"5s\", \"1.5ms\", \"250us\", \"20ns\". A bare number never means a time, because nobody can see\n"
     "its unit. Nothing is finer than 1ns. An expression over such literals may stand where a time stands: \"2ns * k\"."},
    {"E0213", "not a size", "Sizes are strings with a unit: \"512B\", \"4KiB\", \"64MiB\", \"2GiB\", or expressions over these."},
    {"E0214", "not a rate", "Rates are events in a time: \"9000/s\", \"1.5/ms\"."},
    {"E0215", "not an integer", "A whole number belongs here: an integer, or the text of an expression over integers and parameters."},
    {"E0216", "impossible distribution", "The bounds of the distribution contradict one another, as max below min, or p99 below the median."},
    {"E0217", "not a ratio", "A number such as 0.4, or a percentage as a string (\"40%\"), with at most six digits after the point."},
    {"E0218", "not a seed", "A seed is an integer, or hexadecimal text of up to 16 digits: \"0x5eed\"."},
    {"E0219", "not constant",
     "Outside programs nothing runs, so an expression there may only use literals and parameters: \"2 * workers\"."},
    {"E0220", "parameter outside its bounds", "The value of the parameter, its default or what --set gave it, is outside its own min, max or oneOf."},
    {"E0221", "bound of another kind", "min and max of a parameter must be of the kind of its value: a time bounds a time, a number a number."},
    {"E0222", "value of a parameter too long", "The value of a parameter may have 256 bytes: it may stand in very many places."},
    {"E0223", "too many resources", "All resources together, elements of arrays included, may be ten million."},
    {"E0224", "initial values do not fit", "A channel cannot start with more values than its cap; an array starts with one value for all, or one for each."},
    {"E0225", "empty stretch of time", "The end comes before the beginning, so that nothing would ever happen."},
    {"E0226", "not a pair of bounds", "[low, high], with low not above high."},
    {"E0227", "axis that does not fit", "An axis of a sweep needs values, and the lists of \"zip\" advance together: they have the same length."},
    {"E0228", "file of arrivals", "The file under \"replay\" lists one time a line, in order, each with a unit: 1.5ms. Lines that begin with # and what follows a time are ignored."},
    {"E0301", "not a name",
     "Names of parameters, resources, arguments and variables are letters, digits and _, because expressions use them. Other names\n"
     "(programs, checks, classes, policies, marks, spans) may also contain hyphens and dots. The name of a scenario is [a-z0-9-]."},
    {"E0302", "no selection of goroutines",
     "\"who\" is \"*\", \"program:x\", \"class:x\", \"goroutine:x\", or \"goroutine:program#n\" for the n-th goroutine of a program, from 1."},
    {"E0303", "unknown name", "Nothing of this name is declared in the scenario. The message suggests the nearest one, and lists what there is."},
    {"E0304", "reserved word",
     "Functions of expressions (min, len, newchan, …), \"index\" and the families of metrics (span, mark, wait, …) cannot name a\n"
     "parameter, resource, argument or variable."},
    {"E0305", "name taken", "Parameters, resources, arguments and variables share one namespace, and nothing shadows. Choose another name."},
    {"E0306", "resource of another type", "The name exists, but is another kind of resource than is needed here."},
    {"E0307", "arrays differ", "Element i of an array of conds uses element i of its mutex, so both are arrays of one length, or neither is one."},
    {"E0308", "contexts in a circle", "Following \"parent\" comes back to the same context."},
    {"E0309", "arguments do not match", "A program gets exactly the arguments that it declares under \"args\", each by name."},
    {"E0310", "unknown version or policy", "\"profile\" and \"use\" name a version of Go (go1.19, go1.26, …) or a built-in policy. See: gmpsim list policies"},
    {"E0311", "unknown constant", "\"overrides\" changes constants of the model by name. See: gmpsim list costs"},
    {"E0312", "value that the switch does not have", "The switch exists, but not with this value; the message says what it takes."},
    {"E0313", "unknown switch", "A policy's \"params\" set its switches by name: \"runnext\": false, \"steal\": \"richest\", \"preempt.slice\": \"1ms\"."},
    {"E0314", "no such core or memory node", "Cores and memory nodes are numbered from 0, as many as \"machine\" says; each node needs a core. Where one is named, the number of cores must be given."},
    {"E0315", "distances that do not fit", "\"numa_distance\" has a row for each memory node and in it a distance to each: 10 to itself, 11 to 1000 to others. 20 is twice as far."},
    {"E0401", "no expression",
     "An expression is text over integers: names, x[i], + - * / %, comparisons, && || !, c ? a : b, functions, literals with units."},
    {"E0402", "no literal", "Literals are whole numbers, or numbers with a unit (ns us ms s B KiB MiB GiB TiB) that come to whole ns or bytes."},
    {"E0403", "unknown name or function", "The name means nothing at this place. What a block declares is gone after the block; functions take what they take."},
    {"E0404", "array or not", "An array is used by element, x[i], or in len(x); what is no array has no elements."},
    {"E0405", "name not usable here", "The name exists, but cannot stand in this expression; the message says why."},
    {"E0406", "no condition",
     "A condition (require, never) is an expression over metrics (span.x.p99, mark.x.count, sched.steals), gauges, shared variables, len and cap, with decimals and units. See: gmpsim list metrics"},
    {"E0501", "unknown operation", "Each operation is an object with one verb. See: gmpsim list ops"},
    {"E0502", "no operation", "An operation is an object with one verb: {\"run\": \"20us\"}, {\"recv\": \"jobs\", \"as\": \"job\"}."},
    {"E0503", "two operations in one", "One object holds one operation, because the keys of an object have no order. Make two of it."},
    {"E0505", "operation incomplete", "The operation cannot do without this key."},
    {"E0506", "value of the wrong form", "The operation wants another form of value here: a name, a list, an expression, true."},
    {"E0507", "operand of the wrong kind", "The operation wants another kind of thing: a channel where a mutex stands, a number where a channel stands."},
    {"E0508", "name not usable", "The name cannot be stored into, or cannot be made here. Nothing shadows; shared variables are stored into by \"set\"."},
    {"E0509", "no place to go to", "\"break\" leaves a loop, range or select, \"continue\" a loop or range; a label must be that of one around it."},
    {"E0510", "arguments do not match", "A program gets exactly the arguments that it declares under \"args\", each by name."},
    {"E0511", "unknown program", "\"go\" and \"call\" name a program that the scenario declares under \"programs\"."},
    {"E0512", "defer in a try", "\"try\" is a block, not a call, so nothing can be deferred to its end. Put the defer into a program that the try calls."},
    {"E0514", "unknown word", "One of a few words belongs here; the message lists them."},
    {"E0600", "scenario error", "Met while running: division by zero, overflow, an operand of the wrong kind, an index out of range. The run ends with exit code 3."},
    {"E0900", "not yet",
     "This is valid and was checked like the rest, but this version cannot run it. validate accepts it; run, compare and replay\n"
     "refuse it rather than leave it out in silence."},
    {"E0910", "model only",
     "A Go program has no such thing: a policy or switch that no version of Go has, a fault, computing that no signal interrupts,\n"
     "one variable for integers and channels. gmpsim export refuses it; run, compare and replay do not mind."},
    {"W0301", "nobody receives", "Programs send to this channel, but none receives from it or passes it on: once it is full, every sender blocks."},
    {"W0302", "nobody sends", "Programs receive from this channel, but none sends to it, closes it or passes it on: every receiver blocks."},
    {"W0303", "program never started", "No start, arrival, go or call names this program."},
    {"W0304", "fault without effect", "A fault is planned that concerns nothing of this scenario: lose_wakeup is about what the poller wakes."},
};

}  // namespace

std::optional<std::string> explain_code(std::string_view code) {
  const auto found = std::find_if(std::begin(kCodes), std::end(kCodes), [&](const Code& c) { return c.code == code; });
  if (found == std::end(kCodes)) return std::nullopt;
  return std::string(found->code) + ": " + std::string(found->title) + "\n\n" + std::string(found->text) + "\n";
}

std::vector<std::string> all_codes() {
  std::vector<std::string> out;
  for (const Code& c : kCodes) out.emplace_back(c.code);
  return out;
}

}  // namespace gmpsim
