"""All answers as one document of records, before it is a site or a paper."""
