#include "scenarios/grammar.hpp"

#include <algorithm>

namespace gmpsim {
namespace {

constexpr Type kText{.form = Form::text};
constexpr Type kName{.form = Form::name};
constexpr Type kIdentifier{.form = Form::identifier};
constexpr Type kBoolean{.form = Form::boolean};
constexpr Type kExpression{.form = Form::expression};
constexpr Type kCondition{.form = Form::condition};
constexpr Type kSelector{.form = Form::selector};
constexpr Type kScalar{.form = Form::scalar};
constexpr Type kSetting{.form = Form::setting};
constexpr Type kAnything{.form = Form::anything};
constexpr Type kRate{.form = Form::rate};
constexpr Type kTime{.form = Form::time, .min = 0};
constexpr Type kPositiveTime{.form = Form::time, .min = 1};
constexpr Type kSize{.form = Form::size, .min = 0};
constexpr Type kAnyInteger{.form = Form::integer};
constexpr Type kShare{.form = Form::ratio, .min = 0, .max = 1'000'000};

constexpr Type integer(std::int64_t min, std::int64_t max) { return {.form = Form::integer, .min = min, .max = max}; }
constexpr Type words(std::string_view list) { return {.form = Form::word, .words = list}; }
constexpr Type list_of(const Type& item) { return {.form = Form::list, .item = &item}; }
constexpr Type map_of(Form key, const Type& item) { return {.form = Form::map, .key = key, .item = &item}; }
constexpr Type object(const Shape& shape) { return {.form = Form::object, .shape = &shape}; }

constexpr std::int64_t kMany = 1'000'000'000;
constexpr Type kCount = integer(0, kMany);
constexpr Type kPositiveCount = integer(1, kMany);

// --- distributions

constexpr Field kAnyDistribution[] = {
    {"stream", kName, "name of the random stream; by default each place has its own"},
};
constexpr Field kClipped[] = {
    {"min", kTime, "draws below are raised to this"},
    {"max", kTime, "draws above are lowered to this"},
    {"stream", kName, "name of the random stream; by default each place has its own"},
};
constexpr Field kConstantFields[] = {{"value", kTime, "always this time", Need::required}};
constexpr Field kUniformFields[] = {
    {"min", kTime, "the shortest", Need::required},
    {"max", kTime, "the longest", Need::required},
};
constexpr Field kExpFields[] = {{"mean", kTime, "mean time", Need::required}};
constexpr Field kNormalFields[] = {
    {"mean", kTime, "mean time", Need::required},
    {"sd", kTime, "standard deviation; times below 0 count as 0", Need::required},
};
constexpr Field kLognormalFields[] = {
    {"median", kPositiveTime, "half of all draws are shorter", Need::required},
    {"p99", kPositiveTime, "99 of 100 draws are shorter", Need::alternative},
    {"sigma", Type{.form = Form::ratio, .min = 0, .max = 40'000'000}, "standard deviation of the logarithm", Need::alternative},
};
constexpr Field kParetoFields[] = {
    {"min", kPositiveTime, "the shortest", Need::required},
    {"alpha", Type{.form = Form::ratio, .min = 1, .max = 1'000'000'000}, "the smaller, the heavier the tail", Need::required},
    {"max", kTime, "draws above are lowered to this"},
};
constexpr Shape kConstant{"a constant time", kConstantFields, kAnyDistribution};
constexpr Shape kUniform{"a uniform distribution", kUniformFields, kAnyDistribution};
constexpr Shape kExp{"an exponential distribution", kExpFields, kClipped};
constexpr Shape kNormal{"a normal distribution", kNormalFields, kClipped};
constexpr Shape kLognormal{"a lognormal distribution", kLognormalFields, kClipped};
constexpr Shape kPareto{"a Pareto distribution", kParetoFields, kAnyDistribution};
constexpr Variant kDistributions[] = {
    {"constant", &kConstant}, {"exp", &kExp}, {"lognormal", &kLognormal}, {"normal", &kNormal}, {"pareto", &kPareto}, {"uniform", &kUniform},
};
constexpr Type kDistribution{.form = Form::tagged, .tag = "dist", .variants = kDistributions};
constexpr Type kDurationChoices[] = {kTime, kDistribution};
constexpr Type kDuration{.form = Form::either, .choices = kDurationChoices};

// --- metadata, parameters, machine, runtime, policies

constexpr Type kTexts = list_of(kText);
constexpr Field kMetadataFields[] = {
    {"name", Type{.form = Form::title}, "short name, as commands use it"},
    {"title", kText, "one line"},
    {"description", kText, "what the scenario shows, and how to see it"},
    {"tags", kTexts, "words to find it by"},
    {"authors", kTexts, "who wrote it"},
    {"references", kTexts, "issues, articles, source lines"},
};
constexpr Shape kMetadata{"metadata", kMetadataFields};

constexpr Type kScalars = list_of(kScalar);
constexpr Field kParamFields[] = {
    {"default", kScalar, "the value, unless --set gives another: an integer, or text with a unit (\"250us\", \"64MiB\", \"9000/s\")", Need::required},
    {"min", kScalar, "the smallest value allowed"},
    {"max", kScalar, "the largest value allowed"},
    {"oneOf", kScalars, "the only values allowed"},
};
constexpr Shape kParam{"a parameter", kParamFields};
constexpr Type kParamType = object(kParam);

constexpr Field kQuotaFields[] = {
    {"quota", kPositiveTime, "CPU time that all threads together may use in a period", Need::required},
    {"period", kPositiveTime, "length of a period", Need::required},
};
constexpr Shape kQuota{"a CPU quota", kQuotaFields};
constexpr Type kDistances = list_of(kCount);
constexpr Field kMachineFields[] = {
    {"cores", integer(1, 4096), "cores of the machine; by default as many as Ps"},
    {"numa_nodes", integer(1, 64), "memory nodes; cores are spread over them evenly, core 0 being on node 0"},
    {"numa_distance", list_of(kDistances), "matrix of distances between nodes, 10 within a node; 20 is twice as far"},
    {"remote_factor", Type{.form = Form::ratio, .min = 1'000'000, .max = 100'000'000}, "how much longer work takes on another node than its data, by default 2; with a matrix: on the nearest other node"},
    {"os_scheduler", words("ideal|cfs|eevdf"), "who gives cores to threads; ideal: a core at once while there are cores, else first come first served"},
    {"context_switch", kTime, "what the operating system takes to switch threads"},
    {"thread_create", kTime, "what a new thread costs"},
    {"cpu_quota", object(kQuota), "limit of a container"},
};
constexpr Shape kMachine{"the machine", kMachineFields};

constexpr Field kRuntimeFields[] = {
    {"profile", kText, "version of Go whose rules and costs hold, as go1.26"},
    {"gomaxprocs", integer(1, 4096), "number of Ps; by default as many as cores, since Go 1.25 no more than the CPU quota allows"},
    {"max_threads", integer(1, 1'000'000), "threads at which the runtime gives up"},
    {"overrides", map_of(Form::name, kSetting), "constants of the model with other values, by name"},
};
constexpr Shape kRuntime{"the runtime", kRuntimeFields};

constexpr Field kPolicyFields[] = {
    {"use", kText, "a version of Go or a built-in policy to start from", Need::required},
    {"params", map_of(Form::name, kSetting), "its switches with other values, by name"},
};
constexpr Shape kPolicy{"a policy", kPolicyFields};
constexpr Type kPolicyType = object(kPolicy);

// --- resources

constexpr Type kIntegers = list_of(kAnyInteger);
constexpr Type kInitChoices[] = {kAnyInteger, kIntegers};
constexpr Type kInit{.form = Form::either, .choices = kInitChoices};
constexpr Field kArray[] = {
    {"array", integer(1, 1'000'000), "makes this many, used as x[0], x[1], …"},
};
constexpr Field kChanFields[] = {
    {"cap", integer(0, 100'000'000), "capacity of the buffer; 0: unbuffered"},
    {"init", kInit, "the values that it holds at the beginning"},
};
constexpr Field kMutexFields[] = {{"kind", words("runtime"), "runtime: the runtime's own lock, which spins and blocks the thread; else sync.Mutex"}};
constexpr Field kSemaphoreFields[] = {
    {"count", kCount, "weight that may be held at a time; by default 1"},
    {"kind", words("runtime"), "runtime: the runtime's own semaphore, without an order of waiters; else weighted and first come first served"},
};
constexpr Field kWaitGroupFields[] = {{"init", kCount, "added before the start"}};
constexpr Field kCondFields[] = {{"mutex", kIdentifier, "the mutex that waiters hold", Need::required}};
constexpr Field kTickerFields[] = {{"period", kPositiveTime, "time between ticks, the first of which comes after one period", Need::required}};
constexpr Field kTimerFields[] = {{"after", kTime, "due so long after the start; without it the timer is stopped"}};
constexpr Field kContextFields[] = {
    {"parent", kIdentifier, "the context that ends this one too; by default Background"},
    {"timeout", kTime, "ends by itself after this time"},
};
constexpr Field kSocketFields[] = {
    {"latency", kDuration, "time from an io to its answer", Need::alternative},
    {"every", kDuration, "time between events that come on their own", Need::alternative},
};
constexpr Field kFileFields[] = {{"latency", kDuration, "time for which an io blocks the thread", Need::required}};
constexpr Field kLibraryFields[] = {{"count", kPositiveCount, "calls that it serves at a time", Need::required}};
constexpr Type kOff = words("off");
constexpr Type kGogcChoices[] = {integer(0, 1'000'000), kOff};
constexpr Field kHeapFields[] = {
    {"gogc", Type{.form = Form::either, .choices = kGogcChoices}, "growth in percent that starts a collection, or off"},
    {"memory_limit", kSize, "soft limit of memory (GOMEMLIMIT)"},
    {"initial_live", kSize, "live memory at the start"},
    {"trigger", Type{.form = Form::size, .min = 1}, "a collection after so many bytes, in place of the pacer"},
    {"largest_object", kSize, "the largest object that a scan meets"},
    {"full_spans", kCount, "full spans that a sweep meets"},
};
constexpr Field kVarFields[] = {{"init", kInit, "first value; for an array one for all, or a list"}};
constexpr Shape kChan{"a channel", kChanFields, kArray};
constexpr Shape kMutex{"a mutex", kMutexFields, kArray};
constexpr Shape kRwmutex{"a rwmutex", {}, kArray};
constexpr Shape kWaitGroup{"a wait group", kWaitGroupFields, kArray};
constexpr Shape kCond{"a cond", kCondFields, kArray};
constexpr Shape kOnce{"a once", {}, kArray};
constexpr Shape kSemaphore{"a semaphore", kSemaphoreFields, kArray};
constexpr Shape kTicker{"a ticker", kTickerFields, kArray};
constexpr Shape kTimer{"a timer", kTimerFields, kArray};
constexpr Shape kContext{"a context", kContextFields, kArray};
constexpr Shape kPool{"a pool", {}, kArray};
constexpr Shape kSocket{"a socket", kSocketFields, kArray};
constexpr Shape kFile{"a file", kFileFields, kArray};
constexpr Shape kLibrary{"a C library", kLibraryFields, kArray};
constexpr Shape kHeap{"the heap", kHeapFields};
constexpr Shape kVar{"a variable", kVarFields, kArray};
constexpr Variant kResources[] = {
    {"cgo_lib", &kLibrary}, {"chan", &kChan},   {"cond", &kCond},           {"context", &kContext}, {"file", &kFile},     {"heap", &kHeap},
    {"mutex", &kMutex},     {"once", &kOnce},   {"pool", &kPool},           {"rwmutex", &kRwmutex}, {"semaphore", &kSemaphore},
    {"socket", &kSocket},   {"ticker", &kTicker}, {"timer", &kTimer},       {"var", &kVar},         {"waitgroup", &kWaitGroup},
};
constexpr Type kResourceType{.form = Form::tagged, .tag = "type", .variants = kResources};

// --- programs, start, arrivals

constexpr Type kCores = list_of(kCount);
constexpr Field kOsFields[] = {
    {"cores", kCores, "cores that its thread may use"},
    {"weight", integer(1, 100'000), "share of its thread against others; 1024 is usual"},
    {"group", kName, "control group of its thread"},
    {"class", words("normal|batch|idle|fifo|rr"), "scheduling class of its thread"},
};
constexpr Shape kOs{"settings of the operating system", kOsFields};
constexpr Type kFrameChoices[] = {integer(0, 1'000'000'000), kSize};
constexpr Type kArgNames = list_of(kIdentifier);
constexpr Field kProgramFields[] = {
    {"args", kArgNames, "names of its arguments"},
    {"class", kName, "class for statistics and checks"},
    {"frame", Type{.form = Form::either, .choices = kFrameChoices}, "bytes of stack that a call takes"},
    {"os", object(kOs), "how the operating system treats the thread of a goroutine that is locked to it"},
    {"do", Type{.form = Form::operations}, "the operations, in order", Need::required},
};
constexpr Shape kProgram{"a program", kProgramFields};
constexpr Type kProgramType = object(kProgram);

constexpr Type kArguments = map_of(Form::identifier, kExpression);
constexpr Field kStartFields[] = {
    {"go", kName, "the program", Need::required},
    {"count", integer(0, 100'000'000), "how many goroutines; by default 1"},
    {"at", kTime, "when; by default at the beginning"},
    {"args", kArguments, "its arguments; index is 0, 1, … of count"},
};
constexpr Shape kStart{"a start", kStartFields};
constexpr Type kStartType = object(kStart);

constexpr Field kStageFields[] = {
    {"for", kPositiveTime, "length of the stage", Need::required},
    {"rate", kRate, "arrivals, at its end when it ramps", Need::required},
    {"ramp", words("linear|step"), "linear: from the rate before; step: at once"},
};
constexpr Shape kStage{"a stage", kStageFields};
constexpr Type kStageType = object(kStage);
constexpr Field kClosedFields[] = {
    {"users", kPositiveCount, "each starts its next goroutine when the last has ended", Need::required},
    {"think", kDuration, "pause between", Need::required},
};
constexpr Shape kClosed{"a closed loop", kClosedFields};
constexpr Field kBurstFields[] = {
    {"size", kPositiveCount, "goroutines of a burst", Need::required},
    {"every", kDuration, "time from burst to burst", Need::required},
};
constexpr Shape kBurst{"bursts", kBurstFields};
constexpr Field kProcessFields[] = {
    {"poisson", kRate, "at random, so many in the mean", Need::alternative},
    {"every", kDuration, "time from one to the next", Need::alternative},
    {"stages", list_of(kStageType), "at random, with rates that change", Need::alternative},
    {"closed", object(kClosed), "a fixed number of users who wait for their goroutine", Need::alternative},
    {"burst", object(kBurst), "many at once", Need::alternative},
    {"replay", kText, "at the times that a file lists", Need::alternative},
};
constexpr Shape kProcess{"an arrival process", kProcessFields};
constexpr Field kArrivalFields[] = {
    {"go", kName, "the program", Need::required},
    {"args", kArguments, "its arguments; index counts the arrivals"},
    {"from", kTime, "none before"},
    {"until", kTime, "none from then on"},
    {"max", kCount, "no more than this many"},
    {"process", object(kProcess), "when they come", Need::required},
};
constexpr Shape kArrival{"an arrival stream", kArrivalFields};
constexpr Type kArrivalType = object(kArrival);

// --- phases, stop, faults, metrics

constexpr Field kPhaseFields[] = {
    {"name", kName, "its name", Need::required},
    {"for", kPositiveTime, "its length", Need::required},
    {"measure", kBoolean, "does it count in latencies and quantiles? by default it does"},
};
constexpr Shape kPhase{"a phase", kPhaseFields};
constexpr Type kPhaseType = object(kPhase);

constexpr Field kDoneMarkFields[] = {{"mark", kName, "ends the run when it is made", Need::required}};
constexpr Shape kDoneMark{"a mark to wait for", kDoneMarkFields};
constexpr Type kWhenDoneChoices[] = {kName, object(kDoneMark)};
constexpr Field kStopFields[] = {
    {"after", kPositiveTime, "at this simulated time"},
    {"when_done", Type{.form = Form::either, .choices = kWhenDoneChoices}, "when all goroutines of this program have ended, or {\"mark\": name} was made"},
    {"max_events", integer(1, 1'000'000'000'000), "undecided after so many events"},
};
constexpr Shape kStop{"stop", kStopFields};

constexpr Field kStallFields[] = {{"core", kCount, "which core", Need::required}};
constexpr Field kSlowFields[] = {
    {"core", kCount, "which core", Need::required},
    {"factor", Type{.form = Form::ratio, .min = 1'000'000, .max = 1'000'000'000}, "how much longer everything takes there", Need::required},
};
constexpr Field kIoDelayFields[] = {
    {"on", kIdentifier, "a socket or file; by default all"},
    {"by", kPositiveTime, "how much later an answer comes", Need::required},
};
constexpr Field kTimerDelayFields[] = {{"by", kPositiveTime, "how much later timers come due", Need::required}};
constexpr Field kWakeFields[] = {{"who", kSelector, "whose wake-up; by default the next one's"}};
constexpr Field kClockFields[] = {{"by", Type{.form = Form::time}, "how far the wall clock jumps; may be negative", Need::required}};
constexpr Shape kStall{"a stalled core", kStallFields};
constexpr Shape kSlow{"a slow core", kSlowFields};
constexpr Shape kIoDelay{"delayed io", kIoDelayFields};
constexpr Shape kTimerDelay{"delayed timers", kTimerDelayFields};
constexpr Shape kWake{"a lost wake-up", kWakeFields};
constexpr Shape kClock{"a step of the clock", kClockFields};
constexpr Type kWakeChoices[] = {kBoolean, object(kWake)};
constexpr Field kInjectFields[] = {
    {"cpu_quota", object(kQuota), "a limit of CPU time", Need::alternative},
    {"stall_core", object(kStall), "a core does nothing", Need::alternative},
    {"slow_core", object(kSlow), "a core is slow", Need::alternative},
    {"io_delay", object(kIoDelay), "answers come late", Need::alternative},
    {"timer_delay", object(kTimerDelay), "timers fire late", Need::alternative},
    {"gc", kBoolean, "a collection starts", Need::alternative},
    {"lose_wakeup", Type{.form = Form::either, .choices = kWakeChoices}, "a wake-up is lost, to test the checks", Need::alternative},
    {"clock_step", object(kClock), "the wall clock jumps", Need::alternative},
};
constexpr Shape kInject{"an injection", kInjectFields};
constexpr Field kFaultFields[] = {
    {"at", kTime, "when it begins; by default at the start"},
    {"for", kPositiveTime, "how long it lasts; by default to the end"},
    {"every", kPositiveTime, "begins again so often"},
    {"inject", object(kInject), "what happens", Need::required},
};
constexpr Shape kFault{"a fault", kFaultFields};
constexpr Type kFaultType = object(kFault);

constexpr Type kPercentile{.form = Form::ratio, .min = 0, .max = 100'000'000};  // 99.9 is 99 900 000 ppm
constexpr Type kNames = list_of(kName);
constexpr Field kMetricsFields[] = {
    {"spans", kNames, "spans to report"},
    {"percentiles", list_of(kPercentile), "which, from 0 to 100"},
    {"sample_every", kPositiveTime, "distance of samples of run queues and the like"},
    {"trace", words("off|summary|full"), "what is recorded; everything but the speed is the same"},
};
constexpr Shape kMetrics{"metrics", kMetricsFields};

// --- checks, expect, random, sweep

constexpr Type kNone = words("none");
constexpr Field kWhoFields[] = {{"who", kSelector, "whom it concerns", Need::required}};
constexpr Shape kWho{"whom it concerns", kWhoFields};
constexpr Type kLeakChoices[] = {kNone, object(kWho)};
constexpr Field kBoundedWaitFields[] = {
    {"max", kTime, "the longest wait allowed", Need::required},
    {"who", kSelector, "whom it concerns; by default all"},
    {"on", kText, "a resource; by default the CPU"},
};
constexpr Field kTimerLateFields[] = {
    {"max", kTime, "the longest time from due to running", Need::required},
    {"who", kSelector, "whom it concerns; by default all"},
};
constexpr Field kWorkConservingFields[] = {{"max_idle", kTime, "how long a P may idle while work waits", Need::required}};
constexpr Field kTimeToStopFields[] = {{"max", kTime, "how long stopping the world may take", Need::required}};
constexpr Field kProgressFields[] = {
    {"within", kPositiveTime, "never longer without", Need::required},
    {"mark", kName, "what counts; by default any operation"},
};
constexpr Type kShares = list_of(kShare);
constexpr Field kFairnessFields[] = {
    {"who", kSelector, "among whom", Need::required},
    {"of", kName, "cpu, or the name of a mark; by default cpu"},
    {"jain_min", kShare, "smallest Jain index allowed, 1 being equal", Need::alternative},
    {"share", kShares, "[low, high]: bounds of the share that all of them have together", Need::alternative},
};
constexpr Field kEventuallyFields[] = {
    {"mark", kName, "a mark that must be made", Need::alternative},
    {"done", kName, "a program, all of whose goroutines must have ended", Need::alternative},
    {"by", kTime, "not later than this", Need::required},
};
constexpr Type kLineChoices[] = {kAnyInteger, kIntegers};
constexpr Type kLine{.form = Form::either, .choices = kLineChoices};
constexpr Field kLoggedFields[] = {
    {"label", kName, "which log", Need::required},
    {"values", list_of(kLine), "exactly this sequence; a logged tuple is a list", Need::required},
};
constexpr Field kBlockedFields[] = {
    {"who", kSelector, "which goroutine; by default any"},
    {"reason", kText, "why it waits, in the words of the preset"},
    {"on", kText, "a declared resource"},
    {"count", kPositiveCount, "how many of the kind; by default 1"},
};
constexpr Shape kBlocked{"a blocked goroutine", kBlockedFields};
constexpr Type kBlockedType = object(kBlocked);
constexpr Field kEndsFields[] = {
    {"how", words("done|deadlock|panic|fatal|exit|time|limit"), "the end of the run", Need::required},
    {"message", kText, "the message, word for word"},
    {"blocked", list_of(kBlockedType), "all goroutines that are blocked at the end"},
};
constexpr Shape kBoundedWait{"bounded_wait", kBoundedWaitFields};
constexpr Shape kTimerLate{"timer_late", kTimerLateFields};
constexpr Shape kWorkConserving{"work_conserving", kWorkConservingFields};
constexpr Shape kTimeToStop{"time_to_stop", kTimeToStopFields};
constexpr Shape kProgress{"progress", kProgressFields};
constexpr Shape kFairness{"fairness", kFairnessFields};
constexpr Shape kEventually{"eventually", kEventuallyFields};
constexpr Shape kLogged{"logged", kLoggedFields};
constexpr Shape kEnds{"ends", kEndsFields};
constexpr Field kCheckFields[] = {
    {"deadlock", kNone, "the runtime reports no deadlock", Need::alternative},
    {"leak", Type{.form = Form::either, .choices = kLeakChoices}, "no goroutine is blocked for ever at the end", Need::alternative},
    {"wait_cycle", kNone, "no circle of goroutines that wait for locks of one another", Need::alternative},
    {"lost_wakeup", kNone, "no wake-up is lost", Need::alternative},
    {"misuse", kNone, "no misuse of channels, locks, wait groups", Need::alternative},
    {"race", kNone, "no two unordered accesses to a variable, one of them a write", Need::alternative},
    {"panic", kNone, "no panic and no fatal error, a deadlock apart", Need::alternative},
    {"assert", kNone, "every assert is true", Need::alternative},
    {"bounded_wait", object(kBoundedWait), "nobody waits longer", Need::alternative},
    {"timer_late", object(kTimerLate), "no timer is served later", Need::alternative},
    {"work_conserving", object(kWorkConserving), "no P idles while work waits", Need::alternative},
    {"time_to_stop", object(kTimeToStop), "the world stops soon", Need::alternative},
    {"progress", object(kProgress), "something happens again and again", Need::alternative},
    {"fairness", object(kFairness), "nobody gets much more or less", Need::alternative},
    {"eventually", object(kEventually), "something happens in time", Need::alternative},
    {"require", kCondition, "true at the end of the run", Need::alternative},
    {"never", kCondition, "never true", Need::alternative},
    {"logged", object(kLogged), "a log holds exactly this", Need::alternative},
    {"ends", object(kEnds), "the run ends like this", Need::alternative},
    {"severity", words("error|warn"), "warn: reported, but the run passes"},
};
constexpr Shape kCheck{"a check", kCheckFields};
constexpr Type kCheckType = object(kCheck);

constexpr Type kVerdict = words("pass|fail|can-fail|any");
constexpr Type kVerdicts = map_of(Form::name, kVerdict);

constexpr Field kRandomFields[] = {
    {"seed", Type{.form = Form::seed}, "an integer, or a hexadecimal number as text: \"0x5eed\""},
    {"replications", integer(1, 1'000'000), "runs with seeds of their own in compare and sweep"},
    {"common_random_numbers", kBoolean, "policies meet the same arrivals and service times; by default they do"},
};
constexpr Shape kRandom{"random", kRandomFields};

constexpr Type kAxis = list_of(kAnything);
constexpr Type kAxes = map_of(Form::text, kAxis);
constexpr Type kCell = map_of(Form::text, kScalar);
constexpr Field kSweepFields[] = {
    {"matrix", kAxes, "JSON pointer to the values it takes; all combinations"},
    {"zip", kAxes, "JSON pointer to values; these advance together"},
    {"exclude", list_of(kCell), "combinations to leave out"},
    {"where", kExpression, "only combinations for which this holds"},
};
constexpr Shape kSweep{"a sweep", kSweepFields};

// --- the document

constexpr Field kScenarioFields[] = {
    {"$schema", kText, "for editors only"},
    {"apiVersion", kText, "gmpsim/v1", Need::required},
    {"kind", kText, "Scenario", Need::required},
    {"extends", kText, "another scenario, over which this one is laid (RFC 7396: null removes a key)"},
    {"metadata", object(kMetadata), "what it is called and what it is about"},
    {"params", map_of(Form::identifier, kParamType), "named values that --set may change; {\"param\": name} stands for the value, and expressions may name it"},
    {"machine", object(kMachine), "cores and the operating system"},
    {"runtime", object(kRuntime), "version and settings of Go"},
    {"policies", map_of(Form::name, kPolicyType), "schedulers to run or compare, by name"},
    {"resources", map_of(Form::identifier, kResourceType), "channels, locks, timers, variables, …, by name"},
    {"programs", map_of(Form::name, kProgramType), "what goroutines do, by name"},
    {"start", list_of(kStartType), "goroutines at the beginning; the first is main"},
    {"arrivals", map_of(Form::name, kArrivalType), "goroutines that come from outside during the run"},
    {"phases", list_of(kPhaseType), "stretches of time, in order; what is not measured is left out of latencies"},
    {"stop", object(kStop), "the run ends at the first of these"},
    {"faults", list_of(kFaultType), "what goes wrong, and when"},
    {"metrics", object(kMetrics), "what is measured"},
    {"checks", map_of(Form::name, kCheckType), "what must hold, by name"},
    {"expect", map_of(Form::text, kVerdicts), "policy (or *) to check to verdict: makes the scenario a test"},
    {"random", object(kRandom), "seeds"},
    {"sweep", object(kSweep), "variations to run"},
};
constexpr Shape kScenario{"a scenario", kScenarioFields};
constexpr Type kScenarioType = object(kScenario);

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

const Field* Shape::find(std::string_view key) const {
  for (const auto part : {fields, common}) {
    for (const Field& field : part) {
      if (field.key == key) return &field;
    }
  }
  return nullptr;
}

std::vector<std::string> Shape::keys() const {
  std::vector<std::string> out{"note"};
  for (const auto part : {fields, common}) {
    for (const Field& field : part) out.emplace_back(field.key);
  }
  return out;
}

const Type& scenario_type() { return kScenarioType; }
const Type& distribution_type() { return kDistribution; }

std::vector<std::string> split_words(std::string_view words) {
  std::vector<std::string> out;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find('|'), words.size());
    out.emplace_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return out;
}

bool is_remark(std::string_view key) { return key == "note" || key.starts_with("x-"); }

std::string_view pattern_of(Form form) {
  switch (form) {
    case Form::title: return "^[a-z0-9][a-z0-9-]*$";
    case Form::identifier: return "^[A-Za-z_][A-Za-z0-9_]*$";
    case Form::name: return "^[A-Za-z_][A-Za-z0-9_.-]*$";
    case Form::rate: return "^[0-9]+(\\.[0-9]+)?/(ns|us|\xC2\xB5s|ms|s)$";
    case Form::seed: return "^0[xX][0-9a-fA-F]{1,16}$";
    case Form::selector: return "^(\\*|(program|class|goroutine):[A-Za-z_][A-Za-z0-9_.-]*|goroutine:[A-Za-z_][A-Za-z0-9_.-]*#[1-9][0-9]*)$";
    default: return "";
  }
}

bool matches(Form form, std::string_view name) {
  if (form == Form::text) return true;
  if (name.empty()) return false;
  const auto all = [&](auto&& good) { return std::all_of(name.begin(), name.end(), good); };
  switch (form) {
    case Form::title: return name[0] != '-' && all([](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; });
    case Form::identifier: return is_letter(name[0]) && all([](char c) { return is_letter(c) || is_digit(c); });
    case Form::name: return is_letter(name[0]) && all([](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.'; });
    default: return true;
  }
}

std::string describe(const Type& type) {
  switch (type.form) {
    case Form::text: return "a string";
    case Form::title: return "a name of a-z, 0-9 and -";
    case Form::identifier:
    case Form::name: return "a name";
    case Form::word: {
      std::string out;
      for (const std::string& word : split_words(type.words)) out += (out.empty() ? "" : ", ") + ("\"" + word + "\"");
      return out.find(',') == std::string::npos ? out : "one of " + out;
    }
    case Form::boolean: return "true or false";
    case Form::integer: return "an integer";
    case Form::ratio: return "a number";
    case Form::time: return "a time";
    case Form::size: return "a size";
    case Form::rate: return "a rate";
    case Form::seed: return "an integer or a hexadecimal number as text";
    case Form::expression: return "an integer or an expression";
    case Form::condition: return "a condition";
    case Form::selector: return "a selection of goroutines";
    case Form::scalar: return "a number, a string, true or false";
    case Form::setting: return "a number, a string, true, false or an object of these";
    case Form::anything: return "a value";
    case Form::operations: return "a list of operations";
    case Form::list: return "a list";
    case Form::map:
    case Form::object: return "an object";
    case Form::tagged: return type.tag == "dist" ? "a distribution" : "an object";
    case Form::either: {
      std::string out;
      for (const Type& choice : type.choices) out += (out.empty() ? "" : " or ") + describe(choice);
      return out;
    }
  }
  return "a value";
}

}  // namespace gmpsim
