#include "claptools/runs/run_journal.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <span>
#include <system_error>
#include <utility>

#include "claptools/core/files/output_path.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/core/system_reason.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOrigin = "run.tsv";

/// The first input of a part by its file's name.
std::optional<std::size_t> first_of(const fs::path& path) {
  if (path.extension() != ".part") return std::nullopt;
  return parse<std::size_t>(path.stem().native());
}

/// Files that a run makes there, and no others: also what killed ones left, parts and their locks.
bool is_ours(const fs::path& path) {
  const std::string name = path.filename();
  return first_of(path) || name == kOrigin ||
         (name.starts_with(".") &&
          (name.find(".part-") != std::string::npos || name.ends_with(".lock")));
}

RunOrigin parse_origin(const fs::path& path) {
  const Table table = read_table_file(path, Delimiter::tab);
  if (table.rows.size() != 1) throw Error(Fault::data, path.native(), "not one row");
  const auto value = [&](const char* column) {
    return unescape_tsv(table.rows[0][table.require(column, path.native())]);
  };
  return {value("fingerprint"), value("command"), value("created")};
}

/// The first line in which two fingerprints differ, as the earlier has it.
std::string first_difference(std::string_view before, std::string_view now) {
  while (!before.empty()) {
    const std::string_view line = before.substr(0, before.find('\n'));
    if (now.substr(0, now.find('\n')) != line) return std::string(line);
    before.remove_prefix(std::min(before.size(), line.size() + 1));
    now.remove_prefix(std::min(now.size(), line.size() + 1));
  }
  return "other options";
}

}  // namespace

RunJournal::RunJournal(const std::string& output, RunOrigin origin, Mode mode, const Log& log)
    : output_(output),
      folder_(hidden_beside(output, ".parts")),
      origin_(std::move(origin)),
      log_(log) {
  struct stat status {};
  if (::lstat(folder_.c_str(), &status) != 0) return;
  open_folder();
  read_origin(mode, log);
}

RunJournal::~RunJournal() {
  writer_.reset();
  try {
    if (lock_.descriptor >= 0 && parts_.empty()) remove();
  } catch (const std::exception&) {  // an empty folder is left behind: it does no harm
  }
}

RunJournal::Lock::~Lock() {
  if (descriptor >= 0) ::close(descriptor);
}

/// Opens and locks it. Where the file system has no locks, there is none, which is said. What
/// another process has locked is not ours to remove.
void RunJournal::open_folder() {
  Lock lock{::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
  if (lock.descriptor < 0) throw Error(Fault::cannot_create, folder_, system_reason(errno));
  if (::flock(lock.descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK)
      throw Error(Fault::cannot_create, output_, "another process is writing it");
    report(
        log_, LogLevel::warning,
        output_ + ": the file system has no locks: a second run that writes it cannot be detected");
  }
  std::swap(lock_.descriptor, lock.descriptor);
}

void RunJournal::read_origin(Mode mode, const Log& log) {
  const fs::path path = fs::path(folder_) / kOrigin;
  if (!fs::exists(path) || mode == Mode::force) return clear();
  if (mode == Mode::begin) {
    throw UnfinishedRun(Fault::cannot_create, output_, "an interrupted run exists");
  }
  try {
    RunOrigin before = parse_origin(path);
    if (before.fingerprint == origin_.fingerprint) {
      for (const auto& entry : fs::directory_iterator(folder_)) {
        if (const auto first = first_of(entry.path())) parts_.insert(*first);
      }
      origin_ = std::move(before);
      origin_written_ = true;
      return;
    }
    report(log, LogLevel::warning,
           output_ + ": the interrupted run was another (" +
               first_difference(before.fingerprint, origin_.fingerprint) + "): starting again");
  } catch (const Error& error) {
    report(log, LogLevel::warning, std::string(error.what()) + ": starting again");
  }
  clear();
}

/// Without an origin the parts are nothing, so that goes first.
void RunJournal::clear() {
  std::error_code code;
  fs::remove(fs::path(folder_) / kOrigin, code);
  for (fs::directory_iterator it(folder_, code), end; !code && it != end; it.increment(code)) {
    if (is_ours(it->path())) fs::remove(it->path(), code);
    if (code) break;
  }
  if (code) throw Error(Fault::cannot_create, folder_, code.message());
  parts_.clear();
  origin_written_ = false;
}

void RunJournal::write_origin() const {
  AtomicFile file(fs::path(folder_) / kOrigin);
  const std::string text = "fingerprint\tcommand\tcreated\n" + escape_tsv(origin_.fingerprint) +
                           "\t" + escape_tsv(origin_.command) + "\t" + escape_tsv(origin_.created) +
                           "\n";
  file.write(std::as_bytes(std::span(text)));
  file.commit();
}

std::string RunJournal::part_path(std::size_t first_input) const {
  std::string number = std::to_string(first_input);
  number.insert(0, number.size() < 10 ? 10 - number.size() : 0, '0');
  return fs::path(folder_) / (number + ".part");
}

std::optional<PartReader> RunJournal::find(const RunPosition& from,
                                           const std::function<bool(const PartReader&)>& fits) {
  if (!has_part(from)) return std::nullopt;
  try {
    PartReader part(part_path(from.inputs), origin_.fingerprint, from);
    if (fits(part)) return part;
  } catch (const Error&) {  // damaged: it is made again
  }
  parts_.erase(from.inputs);
  return std::nullopt;
}

PartWriter& RunJournal::open_part(const RunPosition& from) {
  if (writer_) return *writer_;
  if (lock_.descriptor < 0) {
    if (::mkdir(folder_.c_str(), 0777) != 0 && errno != EEXIST)
      throw Error(Fault::cannot_create, folder_, system_reason(errno));
    open_folder();
  }
  first_ = from.inputs;
  writer_ = std::make_unique<PartWriter>(part_path(first_), origin_.fingerprint, from);
  return *writer_;
}

void RunJournal::publish() {
  if (!writer_) return;
  if (!std::exchange(origin_written_, true)) write_origin();
  if (writer_->publish()) parts_.insert(first_);
  writer_.reset();
}

void RunJournal::remove() {
  writer_.reset();
  if (lock_.descriptor < 0) return;
  clear();
  std::error_code code;
  fs::remove(folder_, code);  // not if others put something there
}

}  // namespace claptools
