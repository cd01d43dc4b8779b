package org.medficientsam.segmenter.volume;

import java.util.Arrays;
import org.medficientsam.segmenter.mask.Mask;
import org.medficientsam.segmenter.picture.Frame;
import org.medficientsam.segmenter.picture.ImageSlice;
import org.medficientsam.segmenter.picture.Interpolation;
import org.medficientsam.segmenter.picture.PromptBox;
import org.medficientsam.segmenter.picture.PromptScale;

/**
 * LiteMedSAM's propagation: the mask, drawn with its label as the grey value, is averaged down to the network's picture; what
 * is above zero there is boxed and the box grown. A thin part of a low label rounds away where the same part of a high label
 * stays, as in LiteMedSAM's own script. The prompt again if nothing is left.
 */
public final class LabelAreaBox extends BoxPropagation {
    /** The rule of LiteMedSAM's script, which grows the box by three pixels. */
    public static final PropagationRule RULE = parameters -> new LabelAreaBox(3);

    private static final int MAX_GREY = 255;

    private final int margin; // pixels of the network's picture

    LabelAreaBox(int margin) {
        this.margin = margin;
    }

    @Override
    PromptBox next(Prompt prompt, Mask mask, int from, int to) {
        if (mask.isEmpty()) return prompt.box();
        Frame frame = prompt.frame();
        ImageSlice scaled = Interpolation.AREA.resize(
                draw(mask, (byte) Math.min(prompt.label(), MAX_GREY)), frame.scaledHeight(), frame.scaledWidth());
        Mask kept = nonZero(scaled);
        if (kept.isEmpty()) return prompt.box();
        // The script lets the box end at S, one beyond the last pixel.
        return new PromptBox(
                PromptScale.centre(Math.max(0, kept.xMin() - margin), frame),
                PromptScale.centre(Math.max(0, kept.yMin() - margin), frame),
                PromptScale.centre(Math.min(frame.inputSize(), kept.xMax() + margin), frame),
                PromptScale.centre(Math.min(frame.inputSize(), kept.yMax() + margin), frame));
    }

    private static ImageSlice draw(Mask mask, byte grey) {
        byte[] pixels = new byte[mask.height() * mask.width()];
        for (int y = mask.yMin(); y <= mask.yMax(); y++)
            for (int x = mask.nextSet(y, 0); x < mask.width(); x = mask.nextSet(y, x)) {
                int end = mask.nextClear(y, x);
                Arrays.fill(pixels, y * mask.width() + x, y * mask.width() + end, grey);
                x = end;
            }
        return ImageSlice.view(pixels, 0, mask.height(), mask.width(), 1);
    }

    private static Mask nonZero(ImageSlice slice) {
        Mask mask = new Mask(slice.height(), slice.width());
        for (int y = 0; y < slice.height(); y++) {
            for (int x = 0; x < slice.width(); x++)
                if (slice.pixels()[slice.offset() + y * slice.width() + x] != 0) mask.add(y, x);
            mask.finishRow(y);
        }
        return mask;
    }
}
