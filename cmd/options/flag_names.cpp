#include "cmd/options/flag_names.hpp"

#include <algorithm>
#include <array>

namespace claptools::cmd {
namespace {

struct FlagName {
  std::string_view member, flag;
};

/// A member is called the same in all tools.
constexpr std::array kFlags = {
    // Outputs
    FlagName{"overwrite", "--force"},
    FlagName{"replace", "--force"},
    FlagName{"resume", "--resume"},
    FlagName{"refer", "--virtual"},
    FlagName{"replace_ids", "--replace"},
    FlagName{"allow_empty", "--allow-empty"},
    // Audio
    FlagName{"allow_pipe", "--allow-pipe"},
    FlagName{"audio_root", "--audio-root"},
    FlagName{"window_s", "--window"},
    FlagName{"hop_s", "--hop"},
    FlagName{"min_tail_s", "--min-tail"},
    FlagName{"max_duration_s", "--max-duration"},
    FlagName{"file_timeout_s", "--file-timeout"},
    FlagName{"stream", "--stream"},
    FlagName{"time_zero", "--time-zero"},
    FlagName{"short_audio", "--short"},
    FlagName{"pooling", "--pool"},
    FlagName{"frames", "--frames"},
    FlagName{"threads", "--threads"},
    FlagName{"batch", "--batch"},
    FlagName{"precision", "--precision"},
    // Models
    FlagName{"vocabulary", "--vocab"},
    FlagName{"temperature", "--temperature"},
    FlagName{"model_pooling", "--pooling"},
    FlagName{"model_config", "--model-config"},
    FlagName{"best_metric", "--best"},
    // clap-index
    FlagName{"threshold", "--threshold"},
    FlagName{"max_pairs", "--max-pairs"},
    // clap-classify
    FlagName{"labels", "--labels"},
    FlagName{"prompts", "--prompts"},
    FlagName{"phrases", "--phrases"},
    FlagName{"events", "--events"},
    FlagName{"scores", "--scores"},
    FlagName{"whole_windows", "--whole-window"},
    // clap-eval
    FlagName{"embeddings", "--embeddings"},
    FlagName{"audio", "--audio"},
    FlagName{"text", "--text"},
    FlagName{"reference", "--reference"},
    FlagName{"truth", "--truth"},
    FlagName{"basenames", "--basenames"},
    FlagName{"stems", "--stems"},
    FlagName{"classes", "--class"},
    FlagName{"label_separator", "--label-separator"},
    FlagName{"ties", "--ties"},
    FlagName{"uneven_captions", "--uneven-captions"},
    FlagName{"mteb_task", "--task"},
    FlagName{"mteb_revision", "--mteb-revision"},
    FlagName{"mteb_split", "--mteb-split"},
    FlagName{"minimums", "--min"},
    FlagName{"max_drops", "--max-drop"},
    FlagName{"median_window", "--median"},
    FlagName{"boxes", "--post"},
    FlagName{"psds", "--psds"},
    FlagName{"resamples", "--ci"},
    FlagName{"seed", "--seed"},
    FlagName{"psds.name", "name=NAME"},
};

}  // namespace

std::string with_flags(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t opening = text.find('`');
    result += text.substr(0, opening);
    if (opening == text.npos) break;
    text.remove_prefix(opening + 1);
    const std::string_view member = text.substr(0, text.find('`'));
    const auto known = std::ranges::find(kFlags, member, &FlagName::member);
    if (known == kFlags.end() || member.size() == text.size()) {
      result += '`';
    } else {
      result += known->flag;
      text.remove_prefix(member.size() + 1);
    }
  }
  return result;
}

Error with_flags(const Error& error) {
  return {error.fault(), with_flags(error.subject()), with_flags(error.reason())};
}

}  // namespace claptools::cmd
