package roster.base.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;
import roster.support.Threads;

class PostgresBinariesTest {
    @TempDir
    Path temp;

    @Test
    void many_who_unpack_at_once_end_with_one_whole_folder() throws Exception {
        var program = new TarArchiveEntry("bin/postgres");
        program.setMode(0100775);
        var packed = temp.resolve("postgres.txz");
        try (var xz = new XZOutputStream(Files.newOutputStream(packed), new LZMA2Options())) {
            archive(program, link("lib/libpq.so", "libpq.so.5"), new TarArchiveEntry("lib/libpq.so.5")).transferTo(xz);
        }
        var binaries = new PostgresBinaries(packed.toUri().toURL(), "postgresql-test");
        var cache = temp.resolve("cache");
        var whole = cache.resolve("postgresql-test");

        try (var many = new Threads()) {
            for (var folder : many.invokeAll(Collections.nCopies(20, () -> binaries.unpackedInside(cache)))) {
                assertThat(folder.get()).isEqualTo(whole);
            }
        }

        assertThat(cache).isDirectoryNotContaining(path -> !path.equals(whole));
        assertThat(Files.getPosixFilePermissions(whole.resolve("bin/postgres")))
            .isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(whole.resolve("lib/libpq.so")).isSymbolicLink().exists();
    }

    @Test
    void an_archive_cannot_write_outside_of_its_folder() {
        for (var archive : new InputStream[] {
            archive(new TarArchiveEntry("../stolen")),
            archive(new TarArchiveEntry("bin/../../stolen")),
            archive(link("bin/link", "../../stolen")),
            archive(link("bin/link", "/etc")),
        }) {
            assertThatThrownBy(() -> PostgresBinaries.unpack(archive, Files.createTempDirectory(temp, "unpacked")))
                .isInstanceOf(IOException.class).hasMessageContaining("leads out of its folder");
        }
        assertThat(temp.resolve("stolen")).doesNotExist();
    }

    private static TarArchiveEntry link(String name, String to) {
        var link = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
        link.setLinkName(to);
        return link;
    }

    private static InputStream archive(TarArchiveEntry... entries) {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            for (var entry : entries) {
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }
}
