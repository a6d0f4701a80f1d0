"""How are backups kept in a bucket of S3, or of anything that speaks it?"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import BinaryIO

import boto3
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from subscription_mgmt.adapters.store_places import Place, checked_key, failed, refused
from subscription_mgmt.adapters.streams import Measured
from subscription_mgmt.engine.errors import DomainError

PART = 64 << 20  # bytes: 10,000 parts of it are 625 GB, and one is held in memory
SECONDS_TO_CONNECT = 15
SECONDS_OF_SILENCE = 120
NOT_THERE = frozenset({"404", "NoSuchKey", "NotFound"})
FORBIDDEN = frozenset(
	{
		"403",
		"AccessDenied",
		"InvalidAccessKeyId",
		"SignatureDoesNotMatch",
		"NoSuchBucket",
		"AllAccessDisabled",
	}
)


class S3Store:
	"""Implements `hosting_ports.Store`. An object is there only once its last part has arrived and it is completed."""

	def __init__(self, place: Place) -> None:
		self._place = place
		self._client = boto3.client(
			"s3",
			endpoint_url=place.endpoint or None,
			region_name=place.region or None,
			aws_access_key_id=place.access_key,
			aws_secret_access_key=place.secret_key,
			config=Config(
				connect_timeout=SECONDS_TO_CONNECT,
				read_timeout=SECONDS_OF_SILENCE,
				retries={"max_attempts": 3, "mode": "standard"},
				s3={"addressing_style": "path"} if place.endpoint else {},
			),
		)

	def put(self, key: str, content: BinaryIO) -> tuple[int, str]:
		measured = Measured(content)
		with self._worded():
			self._abort_unfinished(key)
			# One thread: the parts are read from one stream, and the first that fails aborts the whole.
			config = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, use_threads=False)
			self._client.upload_fileobj(measured, self._place.bucket, self._key(key), Config=config)
		return measured.size, measured.sha256

	@contextmanager
	def open(self, key: str) -> Iterator[BinaryIO]:
		with self._worded():
			try:
				answer = self._client.get_object(Bucket=self._place.bucket, Key=self._key(key))
			except ClientError as error:
				if error.response["Error"]["Code"] in NOT_THERE:
					raise DomainError("store_misses", store=self._place.name, key=key) from error
				raise
			with closing(answer["Body"]) as body:
				yield body

	def keys(self, prefix: str) -> Iterator[str]:
		with self._worded():
			pages = self._client.get_paginator("list_objects_v2").paginate(
				Bucket=self._place.bucket, Prefix=self._prefix + prefix
			)
			for page in pages:
				for item in page.get("Contents", ()):
					yield item["Key"].removeprefix(self._prefix)

	def remove(self, key: str) -> None:
		with self._worded():
			self._client.delete_object(Bucket=self._place.bucket, Key=self._key(key))

	@property
	def _prefix(self) -> str:
		folder = self._place.folder.strip("/")
		return f"{folder}/" if folder else ""

	def _key(self, key: str) -> str:
		return self._prefix + checked_key(key)

	def _abort_unfinished(self, key: str) -> None:
		"""Parts that a killed worker left: they are no object, but are paid for."""
		uploads = self._client.list_multipart_uploads(Bucket=self._place.bucket, Prefix=self._key(key))
		for upload in uploads.get("Uploads", ()):
			self._client.abort_multipart_upload(
				Bucket=self._place.bucket, Key=upload["Key"], UploadId=upload["UploadId"]
			)

	@contextmanager
	def _worded(self) -> Iterator[None]:
		try:
			yield
		except ClientError as error:
			is_forbidden = error.response.get("Error", {}).get("Code") in FORBIDDEN
			raise (refused if is_forbidden else failed)(self._place, error) from error
		except (BotoCoreError, Boto3Error, OSError, ValueError) as error:
			raise failed(self._place, error) from error
