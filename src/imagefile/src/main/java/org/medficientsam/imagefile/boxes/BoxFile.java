package org.medficientsam.imagefile.boxes;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;
import static org.medficientsam.casefile.InvalidCaseException.tooLarge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.medficientsam.imagefile.image.InputFile;

/** Boxes from a file: a table (.csv, .tsv) or JSON, COCO's included, told apart by the first character. */
public final class BoxFile {
    private static final int MAX_BYTES = 64 << 20;

    private BoxFile() {}

    /**
     * The boxes of one image.
     *
     * @param image name of the image's file; rows or entries that name a file count only if it is this one, with or without its
     *     ending
     * @throws org.medficientsam.casefile.InvalidCaseException if there are none, or the file is of neither form
     */
    public static DrawnBoxes read(InputFile file, String image) throws IOException {
        if (file.size() > MAX_BYTES)
            throw tooLarge("boxes", "at most %d bytes".formatted(MAX_BYTES), file.size() + " bytes");
        byte[] bytes = file.start(MAX_BYTES);
        String text =
                new String(bytes, StandardCharsets.UTF_8).replace("\ufeff", "").strip();
        List<double[]> boxes =
                text.startsWith("{") || text.startsWith("[") ? BoxJson.read(text, image) : BoxTable.read(text, image);
        if (boxes.isEmpty()) throw invalidPrompt("boxes", "at least one of this image, by its file's name", "none");
        return DrawnBoxes.of(boxes);
    }

    /** Whether a name in a file of boxes means the image: its file name, or that without its ending, folders left aside. */
    static boolean isNamed(String name, String image) {
        String plain = name.strip().replaceFirst("^.*[/\\\\]", "");
        String stem = InputFile.stem(image);
        return plain.equals(image)
                || plain.equals(stem)
                || InputFile.stem(plain).equals(stem);
    }
}
