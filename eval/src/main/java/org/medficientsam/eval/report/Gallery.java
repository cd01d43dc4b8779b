package org.medficientsam.eval.report;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.medficientsam.casefile.CaseFile;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.npz.CaseNpz;
import org.medficientsam.casefile.npz.LabelMapNpz;
import org.medficientsam.casefile.npz.Npz;
import org.medficientsam.casefile.overlay.Overlay;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.dataset.DatasetCase;
import org.medficientsam.eval.run.CaseRow;

/** Best, median and worst case of each modality, prediction and ground truth drawn over the image. */
final class Gallery {

    private static final int LONGEST_SIDE = 800;
    private static final float QUALITY = 0.85f;

    private Gallery() {}

    /** @throws IOException if the data set is no longer where the run found it */
    static List<Block> of(ScoredRun run) throws IOException {
        Map<String, DatasetCase> cases = new HashMap<>();
        run.info().dataset().open().cases().forEach(each -> cases.put(each.name(), each));
        List<Block> pictures = new ArrayList<>();
        for (Modality modality : Modality.CHALLENGE) {
            List<String> ranked = run.dsc().entrySet().stream()
                    .filter(entry -> run.modality(entry.getKey()).equals(modality)
                            && !entry.getValue().isNaN()
                            && hasAnswer(run, entry.getKey()))
                    .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                            .thenComparing(Map.Entry.comparingByKey()))
                    .map(Map.Entry::getKey)
                    .toList();
            for (Map.Entry<String, String> pick : picks(ranked).entrySet()) {
                DatasetCase picked = cases.get(pick.getKey());
                if (picked != null) {
                    pictures.add(picture(run, picked, modality, pick.getValue()));
                }
            }
        }
        return pictures;
    }

    private static boolean hasAnswer(ScoredRun run, String name) {
        CaseRow row = run.rows().get(name);
        return row != null && row.ok();
    }

    /** Case to place; few cases take fewer places. */
    private static Map<String, String> picks(List<String> ranked) {
        Map<String, String> picks = new LinkedHashMap<>();
        if (!ranked.isEmpty()) {
            picks.put(ranked.get(0), ranked.size() == 1 ? "only case" : "best");
            if (ranked.size() > 2) {
                picks.put(ranked.get(ranked.size() / 2), "median");
            }
            if (ranked.size() > 1) {
                picks.put(ranked.get(ranked.size() - 1), "worst");
            }
        }
        return picks;
    }

    private static Block picture(ScoredRun run, DatasetCase each, Modality modality, String place) throws IOException {
        String name = each.name();
        CaseFile image = CaseNpz.read(each.image(), Limits.DEFAULT);
        Overlay overlay = Overlay.of(image, labels(run.folder().segs().resolve(name), "segs"));
        Path truth = each.truth();
        if (truth != null) {
            try {
                overlay = overlay.withTruth(labels(truth, "gts"));
            } catch (InvalidCaseException | IllegalArgumentException unusable) {
                // Its score says so; the prediction can still be looked at.
            }
        }
        String caption = String.format(
                Locale.ROOT,
                "%s, %s: DSC %.1f %%, NSD %.1f %%, %s",
                modality,
                place,
                100 * run.dsc().getOrDefault(name, Double.NaN),
                100 * run.nsd().getOrDefault(name, Double.NaN),
                name.replaceFirst("\\.npz$", ""));
        String file = "gallery/%s-%s.jpg".formatted(modality.label().toLowerCase(Locale.ROOT), place.replace(' ', '-'));
        return new Block.Picture(file, "image/jpeg", caption, jpeg(shrunk(overlay.picture())));
    }

    private static LabelMap labels(Path npz, String key) throws IOException {
        return LabelMapNpz.from(Npz.read(npz, Limits.DEFAULT, key).get(key));
    }

    private static BufferedImage shrunk(BufferedImage picture) {
        double scale = Math.min(1, LONGEST_SIDE / (double) Math.max(picture.getWidth(), picture.getHeight()));
        int width = (int) Math.round(picture.getWidth() * scale);
        int height = (int) Math.round(picture.getHeight() * scale);
        BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = small.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(picture, 0, 0, width, height, null);
        graphics.dispose();
        return small;
    }

    private static byte[] jpeg(BufferedImage picture) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam options = writer.getDefaultWriteParam();
            options.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            options.setCompressionQuality(QUALITY);
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture, null, null), options);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
