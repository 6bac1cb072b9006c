#include "claptools/train/training_log.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <type_traits>
#include <variant>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/strings/json.hpp"
#include "claptools/core/system_reason.hpp"

namespace claptools {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kNoRecord = " is not a record of a training log";
constexpr std::size_t kMaxKeys = 1000;  // ordered_json looks them up one by one

/// The one list of keys: `Field` is called as field(key, member) for each of them.
template <class Record, class Field>
void step_fields(Record& r, Field field) {
  field("step", r.step);
  field("epoch", r.epoch);
  field("loss", r.loss);
  field("contrastive", r.contrastive);
  field("regulariser", r.regulariser);
  field("learning_rate", r.learning_rate);
  field("temperature", r.temperature);
  field("gradient_norm", r.gradient_norm);
  field("data_wait_share", r.data_wait_share);
  field("clips_per_s", r.clips_per_s);
}

double read_number(const Json& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

StepRecord parse_step(const Json& object) {
  StepRecord record;
  step_fields(record, [&](const char* key, auto& member) {
    if constexpr (std::is_same_v<decltype(member), double&>) {
      member = read_number(object.at(key));
    } else {
      object.at(key).get_to(member);
    }
  });
  return record;
}

EpochRecord parse_epoch(const Json& object) {
  EpochRecord record{object.at("epoch"), object.at("steps"), {}};
  for (const auto& [name, value] : object.at("validation").items()) {
    record.validation.push_back({name, "", read_number(value)});
  }
  return record;
}

using Record = std::variant<StepRecord, EpochRecord>;

Record parse_line(const std::string& line, const std::string& subject, std::size_t number) {
  const std::string where = "line " + std::to_string(number);
  if (const auto fault = find_json_fault(line, {.keys = kMaxKeys}))
    throw Error(Fault::data, subject, where + kNoRecord + ": " + *fault);
  try {
    const Json object = Json::parse(line);
    if (object.contains("validation")) return parse_epoch(object);
    return parse_step(object);
  } catch (const Json::exception&) {
    throw Error(Fault::data, subject, where + kNoRecord);
  }
}

/// Hands out the records of whole lines until `use` says no. A last line without its end was being
/// written. @return bytes of the lines that were used.
template <class Use>
std::uint64_t visit_records(std::istream& in, const std::string& subject, Use use) {
  std::uint64_t used = 0;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line) && !in.eof(); ++number) {
    if (!use(parse_line(line, subject, number))) break;
    used += line.size() + 1;
  }
  return used;
}

/// Bytes of an existing log that belong to `done`.
std::uint64_t kept_bytes(const std::filesystem::path& path, const TrainingProgress& done,
                         const Log& log) {
  if (done.steps == 0) return 0;
  std::uint64_t steps = 0;
  if (!std::filesystem::exists(path)) return 0;
  InputStream in(path);
  const std::uint64_t kept = visit_records(in, path.native(), [&](const Record& record) {
    if (const auto* epoch = std::get_if<EpochRecord>(&record)) return epoch->epoch < done.epochs;
    const std::uint64_t step = std::get<StepRecord>(record).step;
    if (step < done.steps) steps = step + 1;
    return step < done.steps;
  });
  if (steps < done.steps) {
    report(log, LogLevel::warning,
           path.native() + ": ends after " + std::to_string(steps) + " of the " +
               std::to_string(done.steps) + " updates that were done");
  }
  return kept;
}

}  // namespace

TrainingLog::TrainingLog(const std::filesystem::path& path, const TrainingProgress& done,
                         const Log& log)
    : subject_(path.native()) {
  descriptor_ = open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) throw Error(Fault::cannot_create, subject_, system_reason(errno));
  try {
    lock();
    const std::uint64_t kept = kept_bytes(path, done, log);
    if (ftruncate(descriptor_, static_cast<off_t>(kept)) != 0)
      throw Error(Fault::io, subject_, system_reason(errno));
  } catch (...) {
    close(descriptor_);
    throw;
  }
}

/// The kernel gives the lock back however this process ends. Some file systems have none.
void TrainingLog::lock() const {
  if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    throw Error(Fault::cannot_create, subject_, "another process is writing it");
}

TrainingLog::~TrainingLog() { close(descriptor_); }

void TrainingLog::append(const StepRecord& record) {
  Json object;
  step_fields(record, [&](const char* key, const auto& value) { object[key] = value; });
  write_line(object.dump() + "\n");
}

void TrainingLog::append(const EpochRecord& record) {
  Json validation = Json::object();
  for (const MetricValue& m : record.validation) {
    if (m.class_name.empty()) validation[m.metric] = m.value;
  }
  const Json object = {
      {"epoch", record.epoch}, {"steps", record.steps}, {"validation", validation}};
  write_line(object.dump() + "\n");
  sync();
}

void TrainingLog::sync() {
  // Some file systems cannot sync (EINVAL): nothing to be done.
  if (fsync(descriptor_) != 0 && errno != EINVAL)
    throw Error(Fault::io, subject_, system_reason(errno));
}

void TrainingLog::write_line(std::string_view line) {
  while (!line.empty()) {
    const ssize_t count = write(descriptor_, line.data(), line.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Error(Fault::io, subject_, system_reason(errno));
    line.remove_prefix(static_cast<std::size_t>(count));
  }
}

TrainingHistory read_training_log(const std::filesystem::path& path) {
  InputStream in(path);
  TrainingHistory history;
  visit_records(in, path.native(), [&](Record record) {
    if (auto* epoch = std::get_if<EpochRecord>(&record)) {
      history.epochs.push_back(std::move(*epoch));
    } else {
      history.steps.push_back(std::get<StepRecord>(record));
    }
    return true;
  });
  return history;
}

}  // namespace claptools
