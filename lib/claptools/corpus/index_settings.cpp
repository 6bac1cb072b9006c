#include "claptools/corpus/index_settings.hpp"

#include <array>
#include <sstream>
#include <string_view>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/store/vector_space.hpp"

namespace claptools {
namespace {

/// The value of the enumeration with this name. @throws Error{data}.
template <class Value, std::size_t kCount>
Value named(std::string_view word, const std::array<Value, kCount>& values,
            const std::string& subject) {
  for (const Value value : values)
    if (to_string(value) == word) return value;
  throw Error(Fault::data, subject, "was made with an unknown option '" + std::string(word) + "'");
}

constexpr std::array kPoolings = {Pooling::none, Pooling::codebook, Pooling::mean, Pooling::first,
                                  Pooling::fusion};
constexpr std::array kPrecisions = {Precision::fp32, Precision::tf32, Precision::bf16,
                                    Precision::int8};

ShortAudio short_audio_of(const std::string& word, const std::string& subject) {
  return named(
      word,
      std::array{ShortAudio::zero, ShortAudio::repeatpad, ShortAudio::repeat, ShortAudio::stretch},
      subject);
}

class Words {
 public:
  Words(const std::string& options, const std::string& subject) : subject_(subject) {
    std::istringstream in(options);
    for (std::string word; in >> word;) words_.push_back(word);
  }

  void read(EmbedOptions& options) const {
    for (const std::string& word : words_) {
      const std::size_t sign = word.find('=');
      const std::string name = word.substr(0, sign);
      set(name, sign == word.npos ? "" : word.substr(sign + 1), options);
    }
  }

 private:
  void set(const std::string& name, const std::string& value, EmbedOptions& options) const {
    if (name == "window") options.window_s = seconds(value);
    if (name == "hop") options.hop_s = seconds(value);
    if (name == "min-tail") options.min_tail_s = seconds(value);
    if (name == "max-duration") options.max_duration_s = seconds(value);
    if (name == "short") options.short_audio = short_audio_of(value, subject_);
    if (name == "pool") options.pooling = named(value, kPoolings, subject_);
    if (name == "stream") options.stream = parse_stream_choice(value);
    if (name == "time-zero")
      options.time_zero = named(value, std::array{TimeZero::audio, TimeZero::container}, subject_);
  }

  double seconds(const std::string& value) const {
    double number = 0;
    const std::string wrong = read_number(value, RealRange{0, 1e9}, number);
    if (!wrong.empty()) throw Error(Fault::data, subject_, "attribute 'options': " + wrong);
    return number;
  }

  const std::string& subject_;
  std::vector<std::string> words_;
};

}  // namespace

EmbedOptions options_of(const EmbeddingHeader& header, const std::string& subject) {
  EmbedOptions options;
  options.window_s = header.window_s;
  options.hop_s = header.hop_s;
  if (!header.short_audio.empty())
    options.short_audio = short_audio_of(header.short_audio, subject);
  const std::string_view pooling = pooling_of(header.space);
  if (!pooling.empty()) options.pooling = named(pooling, kPoolings, subject);
  Words(header.options, subject).read(options);
  return options;
}

Precision precision_of(const EmbeddingHeader& header, const std::string& subject) {
  return named(header.precision, kPrecisions, subject);
}

std::string pending_run(const EmbeddingHeader& header) {
  return "model=" + header.model_sha256 + "\nspace=" + header.space +
         "\noptions=" + header.options + "\n";
}

}  // namespace claptools
