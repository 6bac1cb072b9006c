#include "claptools/corpus/index_settings.hpp"

#include <gmock/gmock.h>

#include "claptools/core/error.hpp"
#include "claptools/runs/run_header.hpp"

namespace claptools {
namespace {

EmbeddingHeader described(const EmbedOptions& options) {
  EmbeddingHeader header;
  header.options = describe_options(options, false);
  return header;
}

TEST(IndexSettings, OptionsComeBackAsTheyWereWritten) {
  EmbedOptions options;
  options.window_s = 5.5;
  options.hop_s = 0.25;
  options.min_tail_s = 0.1;
  options.max_duration_s = 3600;
  options.short_audio = ShortAudio::repeatpad;
  options.pooling = Pooling::mean;
  options.stream = parse_stream_choice("deu");
  options.time_zero = TimeZero::container;
  const EmbeddingHeader header = described(options);
  EXPECT_EQ(described(options_of(header, "x")).options, header.options);
  EXPECT_EQ(described(options_of(described({}), "x")).options, described({}).options);
}

TEST(IndexSettings, WithoutOptionsTheAttributesTell) {
  EmbeddingHeader header;
  header.window_s = 2;
  header.hop_s = 1;
  header.short_audio = "repeat";
  header.space = "toy:0123:front:2s:repeat:first:fp32";
  const EmbedOptions options = options_of(header, "x");
  EXPECT_EQ(options.window_s, 2);
  EXPECT_EQ(options.hop_s, 1);
  EXPECT_EQ(options.short_audio, ShortAudio::repeat);
  EXPECT_EQ(options.pooling, Pooling::first);
}

TEST(IndexSettings, UnknownWordsAreRefused) {
  for (const char* words :
       {"pool=best", "short=long", "window=-1", "hop=x", "stream=%", "time-zero=now"}) {
    EmbeddingHeader header;
    header.options = words;
    EXPECT_THROW(options_of(header, "x"), Error) << words;
  }
  EmbeddingHeader header;
  header.precision = "fp1";
  EXPECT_THROW(precision_of(header, "x"), Error);
}

}  // namespace
}  // namespace claptools
