#include "claptools/train/run_folder.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <system_error>

#include "claptools/checkpoints/safetensors.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/files/atomic_file.hpp"
#include "claptools/core/files/output_lock.hpp"
#include "claptools/core/files/output_path.hpp"
#include "claptools/core/files/scratch.hpp"
#include "claptools/families/model_directory.hpp"
#include "claptools/train/learning_page.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

constexpr const char* kState = "state.safetensors";
constexpr const char* kSteps = "run/steps";
constexpr const char* kEpochs = "run/epochs";
constexpr const char* kBest = "run/best";
constexpr const char* kOptions = "run/options";

template <class T>
void add_values(WeightSet& set, const char* name, DType dtype, std::span<const T> values) {
  const auto bytes = std::as_bytes(values);
  set.add(name, dtype, {static_cast<std::int64_t>(values.size())}, {bytes.begin(), bytes.end()});
}

const TensorView& find(const WeightSet& set, const char* name, const fs::path& path) {
  const auto it = set.tensors.find(name);
  if (it == set.tensors.end())
    throw Error(Fault::data, path.native(), std::string("'") + name + "' is missing");
  return it->second;
}

template <class T>
T read_value(const WeightSet& set, const char* name, DType dtype, const fs::path& path) {
  const TensorView& view = find(set, name, path);
  if (view.dtype != dtype || view.bytes.size() != sizeof(T))
    throw Error(Fault::data, path.native(), std::string("'") + name + "' is not one number");
  T value;
  std::memcpy(&value, view.bytes.data(), sizeof(T));
  return value;
}

constexpr std::array kModelFiles{kConfigFile, kVocabularyFile, kWeightsFile, kKnownAnswerFile};
constexpr std::array kTrainingFiles{"log.jsonl", "curve.svg", "curve.html", kState};

[[noreturn]] void refuse(const fs::path& path, const char* reason) {
  throw Error(Fault::cannot_create, path.native(), reason);
}
[[noreturn]] void refuse(const fs::path& path, const std::string& reason) {
  refuse(path, reason.c_str());
}

/// Hidden names that belong to one of our files: of writers that were killed.
bool is_ours(const std::string& name, std::span<const char* const> files) {
  return std::ranges::any_of(files, [&](const std::string& file) {
    return name == file || name == "." + file + ".lock" || name.starts_with("." + file + ".part-");
  });
}

/// @return how many files of a training lie there. @throws Error{cannot_create} if others do.
std::size_t count_ours(const fs::path& folder, std::span<const char* const> files, bool outer) {
  std::error_code failed;
  std::size_t count = 0;
  for (fs::directory_iterator it(folder, failed), end; !failed && it != end;
       it.increment(failed), ++count) {
    const fs::file_status status = it->symlink_status(failed);
    const std::string name = it->path().filename();
    const bool model = name == "last" || name.starts_with(".last.part-");
    if (outer && model && fs::is_directory(status)) {
      count_ours(it->path(), kModelFiles, false);
    } else if (!fs::is_regular_file(status) || !is_ours(name, files)) {
      refuse(it->path(), "was not written by a training: nothing in its folder is replaced");
    }
  }
  if (failed) refuse(folder, failed.message());
  return count;
}

/// What a new run would replace must be a model and a training, each as the tools write it.
void check_replaceable(const fs::path& path, const fs::path& training) {
  std::error_code none;
  const bool is_model = is_model_config(path / kConfigFile);
  std::size_t files = 0;
  if (fs::exists(fs::symlink_status(training, none))) {
    if (!fs::is_directory(fs::symlink_status(training, none))) {
      refuse(training, "exists and is not a folder");
    }
    files = count_ours(training, kTrainingFiles, true);
  }
  if (fs::exists(path / kConfigFile, none) && !is_model) {
    refuse(path / kConfigFile, "is not a model's: it is not replaced");
  }
  if (is_model || files > 0) return;
  std::error_code failed;
  for (fs::directory_iterator it(path, failed), end; !failed && it != end; it.increment(failed)) {
    if (it->path() != training) refuse(path, "exists and is not a model directory");
  }
  if (failed) refuse(path, failed.message());
}

/// A run that lost power in its first moment leaves no more: the next one is not refused for that.
bool is_empty_folder(const fs::path& path) {
  std::error_code code;
  return fs::is_directory(path, code) && fs::is_empty(path, code) && !code;
}

void write_text(const fs::path& path, const std::string& text) {
  AtomicFile file(path);
  file.write(std::as_bytes(std::span(text)));
  file.commit();
}

}  // namespace

struct RunFolder::Claim {
  std::optional<OutputLock> lock;
  std::unique_ptr<ScratchFolder> scratch;  ///< of a new training/ beside an older one
  std::vector<fs::path> made;              ///< folders, the inner ones first
  fs::path log;

  /// A mistyped option must not leave a folder that stands in the way of the right call.
  ~Claim() {
    std::error_code code;
    const bool empty = !fs::exists(log, code) || fs::file_size(log, code) == 0;
    if (made.empty() || !empty) return;
    fs::remove(log, code);
    for (const fs::path& folder : made) fs::remove(folder, code);  // not if anything is in it
    lock.reset();  // its file lies in the outer ones
    for (const fs::path& folder : made) fs::remove(folder, code);
  }
};

RunFolder::RunFolder(fs::path path, Existing existing)
    : path_(path.has_filename() ? std::move(path) : path.parent_path()),
      training_(path_ / "training"),
      existing_(existing),
      claim_(std::make_shared<Claim>()) {
  if (existing == Existing::resume) {
    if (fs::is_directory(status_of(training_, Fault::no_input))) return;
    throw Error(Fault::no_input, path_.native(), "holds no training to resume");
  }
  const fs::file_status status = status_of(path_, Fault::cannot_create);
  if (!fs::exists(status) || is_empty_folder(path_)) return;
  if (existing == Existing::refuse)
    throw Error(Fault::cannot_create, path_.native(), "exists; use `replace` or `resume`");
  if (!fs::is_directory(status)) refuse(path_, "exists and is not a folder");
  check_replaceable(path_, training_);
}

fs::path RunFolder::training() const {
  return claim_->scratch ? claim_->scratch->path() : training_;
}

void RunFolder::claim() const { claim_->lock.emplace(path_); }

void RunFolder::create() const {
  std::error_code code;
  for (fs::path folder = path_; !folder.empty() && !fs::exists(folder, code);
       folder = folder.parent_path()) {
    claim_->made.insert(claim_->made.begin(), folder);
  }
  std::reverse(claim_->made.begin(), claim_->made.end());
  fs::create_directories(folder_of(path_), code);
  if (code) refuse(path_, code.message());
  claim();
  const bool made = fs::create_directory(path_, code);
  if (code) refuse(path_, code.message());
  if (!made && !is_empty_folder(path_)) {
    if (existing_ == Existing::refuse) refuse(path_, "exists; use `replace` or `resume`");
    check_replaceable(path_, training_);
  }
  if (fs::exists(training_, code)) {
    remove_abandoned(training_);
    claim_->scratch = std::make_unique<ScratchFolder>(training_);
    return;
  }
  fs::create_directory(training_, code);
  if (code) refuse(path_, code.message());
  claim_->made.insert(claim_->made.begin(), training_);
  claim_->log = log_file();
}

void RunFolder::remove_leftovers() const {
  for (const char* name : kModelFiles) {
    remove_abandoned(path_ / name);
    remove_abandoned(training() / "last" / name);
  }
  for (const char* name : kTrainingFiles) remove_abandoned(training() / name);
  for (const fs::path& folder : {path_, training_, training() / "last"}) remove_abandoned(folder);
}

void RunFolder::write_model(const ModelFiles& files, bool best,
                            const WeightSet& known_answer) const {
  update_model_directory(training() / "last", files, known_answer);
  if (best) update_model_directory(path_, files, known_answer);
}

void RunFolder::save(const SavedRun& run) const {
  WeightSet set = run.state;
  const auto steps = static_cast<std::int64_t>(run.done.steps);
  const auto epochs = static_cast<std::int64_t>(run.done.epochs);
  add_values(set, kSteps, DType::i64, std::span(&steps, 1));
  add_values(set, kEpochs, DType::i64, std::span(&epochs, 1));
  add_values(set, kBest, DType::f64, std::span(&run.best, 1));
  add_values(set, kOptions, DType::u8, std::span(run.options));
  write_safetensors(training() / kState, set);
  if (!claim_->scratch) return;
  const bool replace = fs::exists(status_of(training_, Fault::cannot_create));
  if (replace) check_replaceable(path_, training_);
  claim_->scratch->publish(replace);
  claim_->scratch.reset();
}

std::optional<SavedRun> RunFolder::load() const {
  const fs::path path = training_ / kState;
  if (!is_there(path, Fault::no_input)) return std::nullopt;
  SavedRun run;
  run.state = read_safetensors(path);
  const auto count = [&](const char* name) {
    return static_cast<std::uint64_t>(read_value<std::int64_t>(run.state, name, DType::i64, path));
  };
  run.done = {count(kSteps), count(kEpochs)};
  run.best = read_value<double>(run.state, kBest, DType::f64, path);
  const TensorView& options = find(run.state, kOptions, path);
  run.options.assign(reinterpret_cast<const char*>(options.bytes.data()), options.bytes.size());
  return run;
}

void RunFolder::draw_curve(const std::string& title, const std::string& command) const {
  const TrainingHistory history = read_training_log(log_file());
  write_text(training() / "curve.svg", learning_curve(history));
  write_text(training() / "curve.html", learning_page(history, title, {{"command", command}}));
}

}  // namespace claptools
