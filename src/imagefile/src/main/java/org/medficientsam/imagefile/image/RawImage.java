package org.medficientsam.imagefile.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An image as its file holds it: (k, j, i, channels) numbers and what is known of them. Values are what Python's readers give:
 * nibabel's {@code get_fdata}, pydicom's {@code pixel_array} with its rescale, Pillow's pixels.
 */
public final class RawImage {
    /** Window of the file's writer, in rescaled values. */
    public record FileWindow(double centre, double width) {}

    private final FileKind kind;
    private final VoxelGrid grid;
    private final int channels;
    private final Voxels voxels;
    private final Rescale rescale;
    private final boolean flat;
    private final boolean inverted;
    private final Optional<String> modality;
    private final Optional<FileWindow> window;
    private final byte @Nullable [] header;
    private final byte @Nullable [] alpha;
    private final List<String> notes;

    private RawImage(Builder builder) {
        this.kind = builder.kind;
        this.grid = builder.grid;
        this.channels = builder.channels;
        this.voxels = builder.voxels;
        this.rescale = builder.rescale;
        this.flat = builder.flat;
        this.inverted = builder.inverted;
        this.modality = Optional.ofNullable(builder.modality);
        this.window = Optional.ofNullable(builder.window);
        this.header = builder.header;
        this.alpha = builder.alpha;
        this.notes = List.copyOf(builder.notes);
    }

    /** What must be known; the rest is set on the builder. */
    public static Builder of(FileKind kind, VoxelGrid grid, int channels, Voxels voxels) {
        return new Builder(kind, grid, channels, voxels);
    }

    /** What the file was. */
    public FileKind kind() {
        return kind;
    }

    /** Its axes. */
    public VoxelGrid grid() {
        return grid;
    }

    /** 1 (grey) or 3 (red, green, blue). */
    public int channels() {
        return channels;
    }

    /** Stored numbers, channels fastest, then i, j, k. */
    public Voxels voxels() {
        return voxels;
    }

    /** What makes values of them. */
    public Rescale rescale() {
        return rescale;
    }

    /** Whether the file's form is that of an image rather than of a volume; a volume may have one slice too. */
    public boolean isFlat() {
        return flat;
    }

    /** Whether the lowest value is meant to be white, as in DICOM's MONOCHROME1. */
    public boolean isInverted() {
        return inverted;
    }

    /** DICOM's modality, such as CT, if the file tells. */
    public Optional<String> modality() {
        return modality;
    }

    /** The window that the file's writer chose, if any. */
    public Optional<FileWindow> window() {
        return window;
    }

    /** The file's header as it lies there, for a writer of the same kind. A copy. */
    public Optional<byte[]> header() {
        return Optional.ofNullable(header).map(byte[]::clone);
    }

    /** How opaque each pixel of a picture is, uint8, where not all are; the array itself. */
    public Optional<byte[]> alpha() {
        return Optional.ofNullable(alpha);
    }

    /** What a careful reader should tell: a channel that was dropped, a picture that was turned upright. */
    public List<String> notes() {
        return notes;
    }

    /** Value of channel {@code c} of the voxel (i, j, k). */
    public double value(int i, int j, int k, int c) {
        return rescale.apply(voxels.get(((k * grid.size(1) + j) * grid.size(0) + i) * channels + c), k);
    }

    /** Collects what a reader finds. */
    public static final class Builder {
        private final FileKind kind;
        private final VoxelGrid grid;
        private final int channels;
        private final Voxels voxels;
        private Rescale rescale = Rescale.NONE;
        private boolean flat;
        private boolean inverted;
        private @Nullable String modality;
        private @Nullable FileWindow window;
        private byte @Nullable [] header;
        private byte @Nullable [] alpha;
        private final List<String> notes = new ArrayList<>();

        private Builder(FileKind kind, VoxelGrid grid, int channels, Voxels voxels) {
            if (channels != 1 && channels != 3)
                throw new IllegalArgumentException("channels must be 1 or 3, got " + channels);
            if (voxels.count() != (long) grid.voxels() * channels)
                throw new IllegalArgumentException("grid %s of %d channels must have as many numbers, got %d"
                        .formatted(grid, channels, voxels.count()));
            this.kind = kind;
            this.grid = grid;
            this.channels = channels;
            this.voxels = voxels;
        }

        /** @see RawImage#rescale() */
        public Builder rescale(Rescale value) {
            this.rescale = value;
            return this;
        }

        /** @see RawImage#isFlat() */
        public Builder flat(boolean value) {
            this.flat = value;
            return this;
        }

        /** @see RawImage#isInverted() */
        public Builder inverted(boolean value) {
            this.inverted = value;
            return this;
        }

        /** @see RawImage#modality() */
        public Builder modality(Optional<String> value) {
            this.modality = value.orElse(null);
            return this;
        }

        /** @see RawImage#window() */
        public Builder window(Optional<FileWindow> value) {
            this.window = value.orElse(null);
            return this;
        }

        /** @see RawImage#header() */
        public Builder header(byte[] value) {
            this.header = value.clone();
            return this;
        }

        /** @see RawImage#alpha() */
        public Builder alpha(Optional<byte[]> value) {
            this.alpha = value.orElse(null);
            return this;
        }

        /** @see RawImage#notes() */
        public Builder note(String value) {
            this.notes.add(value);
            return this;
        }

        /** The image. */
        public RawImage build() {
            return new RawImage(this);
        }
    }
}
