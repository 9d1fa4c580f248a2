/// Settings of an installation: declared beside what uses them, read strictly, shown with secrets masked.
package roster.base.settings;
