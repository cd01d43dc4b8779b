package org.medficientsam.imagefile.dicom;

import java.util.Optional;
import java.util.stream.Stream;
import org.medficientsam.imagefile.image.RawImage.FileWindow;

/**
 * One frame's place and meaning. Numbers in DICOM's own directions: x to the left, y to the back, z to the head.
 *
 * @param position centre of the first pixel, mm
 * @param orientation directions of a row and of a column, six cosines
 * @param spacing between rows and between columns, mm
 * @param thickness between slices, or of one, mm
 */
record Frame(
        Optional<double[]> position,
        Optional<double[]> orientation,
        Optional<double[]> spacing,
        Optional<Double> thickness,
        double slope,
        double intercept,
        Optional<FileWindow> window) {

    /** Of a classic file, or of frame {@code index} of an enhanced one. */
    static Frame of(DicomDataset file, int index) {
        Optional<DicomDataset> shared = file.item(Tag.SHARED_GROUPS);
        Optional<DicomDataset> own = Optional.of(file.items(Tag.PER_FRAME_GROUPS))
                .filter(items -> index < items.size())
                .map(items -> items.get(index));
        DicomDataset positions = group(file, own, shared, Tag.PLANE_POSITIONS);
        DicomDataset orientations = group(file, own, shared, Tag.PLANE_ORIENTATIONS);
        DicomDataset measures = group(file, own, shared, Tag.PIXEL_MEASURES);
        DicomDataset values = group(file, own, shared, Tag.VALUE_TRANSFORMATIONS);
        DicomDataset windows = group(file, own, shared, Tag.FRAME_VOI_LUTS);
        Optional<double[]> orientation = numbers(orientations, Tag.ORIENTATION, 6);
        return new Frame(
                position(file, positions, orientation, index),
                orientation,
                numbers(measures, Tag.PIXEL_SPACING, 2).or(() -> numbers(file, Tag.IMAGER_PIXEL_SPACING, 2)),
                measures.decimal(Tag.SPACING_BETWEEN_SLICES)
                        .or(() -> measures.decimal(Tag.SLICE_THICKNESS))
                        .filter(mm -> mm > 0),
                values.decimal(Tag.SLOPE).orElse(1.0),
                values.decimal(Tag.INTERCEPT).orElse(0.0),
                window(windows));
    }

    /** A classic file gives the first frame's, and of a dose grid how far behind it the others lie. */
    private static Optional<double[]> position(
            DicomDataset file, DicomDataset positions, Optional<double[]> orientation, int index) {
        Optional<double[]> position = numbers(positions, Tag.POSITION, 3);
        if (index == 0 || !positions.equals(file)) return position;
        double[] offsets = file.decimals(Tag.FRAME_OFFSETS);
        if (position.isEmpty() || orientation.isEmpty() || index >= offsets.length) return Optional.empty();
        double[] normal = normal(orientation.get());
        double[] moved = position.get().clone();
        for (int i = 0; i < 3; i++) moved[i] += normal[i] * (offsets[index] - offsets[0]);
        return Optional.of(moved);
    }

    private static DicomDataset group(
            DicomDataset file, Optional<DicomDataset> own, Optional<DicomDataset> shared, int tag) {
        return Stream.of(own, shared)
                .flatMap(Optional::stream)
                .flatMap(groups -> groups.item(tag).stream())
                .findFirst()
                .orElse(file);
    }

    private static Optional<double[]> numbers(DicomDataset dataset, int tag, int count) {
        double[] numbers = dataset.decimals(tag);
        return numbers.length == count ? Optional.of(numbers) : Optional.empty();
    }

    private static Optional<FileWindow> window(DicomDataset dataset) {
        Optional<Double> centre = dataset.decimal(Tag.WINDOW_CENTRE);
        return dataset.decimal(Tag.WINDOW_WIDTH)
                .filter(width -> width > 0)
                .flatMap(width -> centre.map(c -> new FileWindow(c, width)));
    }

    /** Direction of rising slices: row x column. */
    double[] normal() {
        return normal(orientation.orElseThrow());
    }

    private static double[] normal(double[] d) {
        return new double[] {
            d[1] * d[5] - d[2] * d[4], d[2] * d[3] - d[0] * d[5], d[0] * d[4] - d[1] * d[3],
        };
    }

    boolean isPlaced() {
        return position.isPresent() && orientation.isPresent() && spacing.isPresent();
    }

    /** How far along a direction it lies, mm. */
    double along(double[] direction) {
        double[] p = position.orElseThrow();
        return p[0] * direction[0] + p[1] * direction[1] + p[2] * direction[2];
    }
}
